/** A migrated database on a server of its own with fsync on, as in production. */
import { openDatabase } from "../db/database.ts";
import { migrate } from "../db/migrate.ts";
import type { FreshDatabase } from "../tests/database.ts";
import { privateServer } from "../tests/database.ts";

export async function benchDatabase(): Promise<FreshDatabase> {
  const server = await privateServer("embedded", ["fsync=on"]);
  const sql = await openDatabase({ config: server.config });
  await migrate(sql);
  return {
    config: server.config,
    url: server.url,
    sql,
    drop: async () => {
      await sql.close();
      await server.dispose();
    },
  };
}
