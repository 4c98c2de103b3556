/**
 * The session advisory lock that the one writer of a database holds for as long as it lives: `pg_try_advisory_lock(a, b)`.
 * Whatever must not run beside a writer (`restore`, `rebuild`) takes the same lock.
 */
export const WRITER_LOCK_KEY: readonly [number, number] = [0x64696769, 1];

/** Held by a transaction that migrates, so that two programs that start at once do it one after the other. */
export const MIGRATION_LOCK_KEY: readonly [number, number] = [0x64696769, 2];
