/** Failures that an operator can mend, each in one line without a stack. */
import { DatabaseUnusable } from "../db/database.ts";
import { EmbeddedPostgresError } from "../db/embedded/embedded.ts";
import { WriterActive } from "../db/log/postgres_log.ts";
import { MigrationRefused } from "../db/migrate.ts";
import { VaultRefused } from "../db/vault/vault.ts";

/** The line to show, or null for what nobody foresaw. */
export function knownFailure(error: unknown): string | null {
  if (error instanceof Deno.errors.AddrInUse) {
    return "the port is taken by another program: set PORT to a free one, or end that program";
  }
  const known = [DatabaseUnusable, EmbeddedPostgresError, WriterActive, MigrationRefused, VaultRefused];
  return known.some((kind) => error instanceof kind) && error instanceof Error ? error.message : null;
}
