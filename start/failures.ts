/** Failures that an operator can mend, each in one line without a stack. */
import type { Config } from "../config.ts";
import { DatabaseUnusable } from "../db/database.ts";
import { EmbeddedPostgresError } from "../db/embedded/embedded.ts";
import { WriterActive } from "../db/log/postgres_log.ts";
import { MigrationRefused } from "../db/migrate.ts";
import { VaultRefused } from "../db/vault/vault.ts";

const KNOWN = [DatabaseUnusable, EmbeddedPostgresError, MigrationRefused, VaultRefused];

/** `DATA_DIR` cannot be made or written. */
export class DataDirUnusable extends Error {
  override name = "DataDirUnusable";
}

/** The line to show, or null for what nobody foresaw. `config` is null when the settings themselves could not be read. */
export function knownFailure(error: unknown, config: Config | null): string | null {
  if (!(error instanceof Error)) return null;
  if (error instanceof WriterActive) {
    return `${error.message}: end it, or start with TAKE_OVER=1 to take over from it`;
  }
  if (error instanceof DataDirUnusable || KNOWN.some((kind) => error instanceof kind)) return error.message;
  return config === null ? null : listenFailure(error, config);
}

function listenFailure(error: Error, { HOST, PORT }: Config): string | null {
  if (error instanceof Deno.errors.AddrInUse) {
    return `the port ${PORT} on ${HOST} is taken by another program: set PORT to a free one, or end that program`;
  }
  if (error instanceof Deno.errors.AddrNotAvailable || /failed to lookup address/.test(error.message)) {
    return `HOST ${HOST} is no address of this machine: set it to 127.0.0.1, or to 0.0.0.0 for all of them`;
  }
  if (error instanceof Deno.errors.PermissionDenied && PORT < 1024) {
    return `the port ${PORT} is for root alone on this machine: set PORT to one above 1023`;
  }
  return null;
}

/** Makes `DATA_DIR`, for this user alone. Throws DataDirUnusable. */
export async function makeDataDir(path: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true, mode: 0o700 });
    const probe = `${path}/.writable`;
    await Deno.writeTextFile(probe, "");
    await Deno.remove(probe);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataDirUnusable(
      `DATA_DIR ${path} cannot be used (${reason}): set DATA_DIR to a folder that this user may write`,
      { cause: error },
    );
  }
}
