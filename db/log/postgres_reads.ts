// @ts-types="@types/pg"
import type pg from "pg";
import type { Sql } from "../sql.ts";
import { nextPurge, purgeDue } from "../words/purge.ts";
import { isUuid } from "./admit.ts";
import type { CommandSeen, Json, Snapshot } from "./log.ts";
import { SEEN_COLUMNS, selectEvents } from "./postgres_store.ts";
import type { ReadStore, WordKeeping } from "./store.ts";
import { textFault } from "./unicode.ts";

/** What is read, and written out of band, through the pool. */
export function postgresReads(pool: pg.Pool): ReadStore & WordKeeping {
  const rows: Pick<Sql, "query"> = {
    query: async <T>(text: string, parameters?: unknown[]) =>
      (await pool.query(text, parameters)).rows as T[],
  };
  return {
    read: (after, limit) =>
      selectEvents(pool, "read", "where position > $1 order by position limit $2", [after, limit]),

    async readStream(stream, afterVersion, limit) {
      if (textFault(stream) !== null) return [];
      const rest = "where stream = $1 and version > $2 order by version limit $3";
      return await selectEvents(pool, "read_stream", rest, [stream, afterVersion, limit]);
    },

    async findCommand(scope, id) {
      if (textFault(scope) !== null || textFault(id) !== null) return null;
      const { rows } = await pool.query<CommandSeen>({
        name: "find_command",
        text: `select ${SEEN_COLUMNS} from command c where scope = $1 and id = $2`,
        values: [scope, id],
      });
      return rows[0] ?? null;
    },

    async saveSnapshot({ stream, version, schema, state }) {
      await pool.query(
        "insert into snapshot as s (stream, version, schema, state) values ($1, $2, $3, $4) on conflict (stream) " +
          "do update set version = excluded.version, schema = excluded.schema, state = excluded.state " +
          "where s.version <= excluded.version or s.schema <> excluded.schema",
        [stream, version, schema, JSON.stringify(state)],
      );
    },

    async loadSnapshot(stream, schema) {
      const { rows } = await pool.query<Snapshot>(
        "select stream, version, schema, state from snapshot where stream = $1 and schema = $2",
        [stream, schema],
      );
      return rows[0] ?? null;
    },

    async words(ids) {
      const { rows } = await pool.query<
        { id: string; content: Json; removedAt: string | null; rule: string }
      >({
        name: "words",
        text:
          `select id, content, removed_at as "removedAt", rule from foreign_words where id = any($1::uuid[])`,
        values: [ids.map((id) => id.toLowerCase()).filter(isUuid)],
      });
      const byId = new Map(rows.map((row) => [row.id, row]));
      const found = new Map<string, { content: Json } | { removedAt: string; rule: string }>();
      for (const id of ids) {
        const row = byId.get(id.toLowerCase());
        if (!row) continue;
        const { content, removedAt, rule } = row;
        found.set(id, removedAt === null ? { content } : { removedAt, rule });
      }
      return found;
    },

    purgeWords: (now) => purgeDue(rows, now),

    nextPurge: () => nextPurge(rows),
  };
}
