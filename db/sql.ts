/** The narrow door to Postgres for what is not the log: sessions, the vault, reading projections. Positions come back as numbers. */
export interface Sql {
  /** Rows as objects. `bigint` arrives as a JS number, `timestamptz` as an ISO string, `jsonb` parsed. */
  query<T = Record<string, unknown>>(text: string, parameters?: unknown[]): Promise<T[]>;
  /** All or nothing; rolled back when `work` throws. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
}
