// @ts-types="@types/pg"
import type pg from "pg";
import { isUuid } from "./admit.ts";
import type { CommandSeen, Json, Snapshot } from "./log.ts";
import type { Clock } from "./ports.ts";
import { SEEN_COLUMNS, selectEvents } from "./postgres_store.ts";
import { ERASED_BY_AUTHOR, type ReadStore, retentionRule, type WordKeeping } from "./store.ts";
import { textFault } from "./unicode.ts";

/** Rows of foreign words that are emptied by one statement, so that none holds its locks for long. */
const PURGED_AT_ONCE = 1_000;

/** What is read, and written out of band, through the pool. */
export function postgresReads(pool: pg.Pool, clock: Clock): ReadStore & WordKeeping {
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

    async purgeWords(now) {
      for (let removed = 0;;) {
        const { rowCount } = await pool.query(
          "update foreign_words f set content = null, author = null, removed_at = $1, rule = $2 || f.platform " +
            "where id in (select id from foreign_words where removed_at is null and purge_at <= $1::timestamptz " +
            "order by purge_at limit $3)",
          [now, retentionRule(""), PURGED_AT_ONCE],
        );
        removed += rowCount ?? 0;
        if ((rowCount ?? 0) < PURGED_AT_ONCE) return removed;
      }
    },

    async eraseWordsByAuthor(platform, author) {
      if (textFault(platform) !== null || textFault(author) !== null) return 0;
      const { rowCount } = await pool.query(
        "update foreign_words set content = null, author = null, removed_at = $3, rule = $4 " +
          "where platform = $1 and author = $2 and removed_at is null",
        [platform, author, new Date(clock.now()).toISOString(), ERASED_BY_AUTHOR],
      );
      return rowCount ?? 0;
    },
  };
}
