/**
 * People who asked to be left alone, per platform. They are rows, no events, and no event names them: who takes a wish back leaves no
 * trace. An account's id outlives its handle: it is kept as soon as something is held that the account said, then or later
 * (`keep_opted_out_account` in the database).
 */
import type { Platform } from "../actors/persona/platforms/port.ts";
import { checkLimit, decodeCursor, encodeCursor, type Page, pageOf, type PageOptions } from "./read/page.ts";
import type { Sql } from "./sql.ts";
import { handleKey } from "./words/handle.ts";

export interface OptOut {
  platform: Platform;
  /** The platform's id of the account; `@handle` where only a handle is known. */
  accountId: string;
  /** In small letters, without `@`. */
  handle: string | null;
  note: string;
  by: string;
  /** ISO 8601. */
  at: string;
}

export interface NewOptOut {
  platform: Platform;
  /** At least one of these two. */
  accountId?: string | null;
  handle?: string | null;
  note: string;
  by: string;
  /** ms since the epoch. */
  now: number;
}

/** Accounts that one question may name. */
const MAX_ASKED = 1_000;
const COLUMNS = `platform, account_id as "accountId", handle, note, by, at`;

/**
 * Adds a person, or answers the entry that is there: `added` says which. A handle alone is added as the accounts that said something
 * under it, as far as that is held: the latest one is answered. An account whose handle was listed alone takes that entry's place.
 * Throws RangeError where neither an account nor a handle is given.
 */
export async function addOptOut(sql: Sql, given: NewOptOut): Promise<{ optOut: OptOut; added: boolean }> {
  const { platform, note, by, now } = given;
  const handle = handleKey(given.handle ?? "") || null;
  const accountId = given.accountId?.trim() || null;
  if (accountId === null && handle === null) throw new RangeError("name an account or a handle");
  const at = new Date(now).toISOString();
  return await sql.transaction(async (tx) => {
    const found = await tx.query<OptOut>(
      `select ${COLUMNS} from opt_out where platform = $1
         and case when $2::text is null then handle = $3 else account_id = $2 end order by number limit 1`,
      [platform, accountId, handle],
    );
    if (found[0] !== undefined) return { optOut: found[0], added: false };
    const accounts = accountId === null ? await accountsOf(tx, platform, handle) : [accountId];
    const entries: (OptOut & { fresh: boolean })[] = [];
    for (const id of accounts.length > 0 ? accounts : [`@${handle}`]) {
      entries.push(
        ...await tx.query<OptOut & { fresh: boolean }>(
          `insert into opt_out (platform, account_id, handle, note, by, at) values ($1, $2, $3, $4, $5, $6)
           on conflict (platform, account_id) do update set handle = coalesce(opt_out.handle, excluded.handle)
           returning ${COLUMNS}, xmax = 0 as fresh`,
          [platform, id, handle, note, by, at],
        ),
      );
    }
    const [first] = entries;
    if (first === undefined) throw new Error("an opt-out was neither added nor there");
    const { fresh: _, ...optOut } = first;
    if (accounts.length > 0) {
      await tx.query("delete from opt_out where platform = $1 and account_id = '@' || $2::text", [
        platform,
        handle,
      ]);
    }
    return { optOut, added: entries.some(({ fresh }) => fresh) };
  });
}

/** Accounts that said something under this handle, the latest first, by what is held. */
async function accountsOf(sql: Sql, platform: Platform, handle: string | null): Promise<string[]> {
  const rows = await sql.query<{ author: string }>(
    `select author from foreign_words
     where removed_at is null and platform = $1 and author is not null
       and ltrim(lower(content ->> 'authorHandle'), '@') = $2
     group by author order by max(created_at) desc, author`,
    [platform, handle],
  );
  return rows.map(({ author }) => author);
}

/** False where there is no such entry. */
export async function removeOptOut(sql: Sql, platform: Platform, accountId: string): Promise<boolean> {
  const gone = await sql.query("delete from opt_out where platform = $1 and account_id = $2 returning 1", [
    platform,
    accountId,
  ]);
  return gone.length > 0;
}

/** The newest first. Throws BadPage. */
export async function listOptOuts(
  sql: Sql,
  options: PageOptions & { platform?: Platform } = {},
): Promise<Page<OptOut>> {
  const limit = checkLimit(options.limit);
  const rows = await sql.query<OptOut & { number: number }>(
    `select ${COLUMNS}, number from opt_out
     where ($1::text is null or platform = $1) and ($2::bigint is null or number < $2) order by number desc limit $3`,
    [options.platform ?? null, decodeCursor("opt-outs", options.after), limit + 1],
  );
  const item = ({ number: _number, ...optOut }: OptOut & { number: number }): OptOut => optOut;
  return pageOf(rows, limit, item, (row) => encodeCursor("opt-outs", row.number));
}

/**
 * Which of these people asked to be left alone. Each is named by the platform's id or by a handle, with or without `@`, in any
 * case: name both where both are known. Answers those that match, as they were given. Throws RangeError for more than 1,000.
 */
export async function isOptedOut(
  sql: Sql,
  platform: Platform,
  accountIds: string[],
): Promise<Set<string>> {
  if (accountIds.length === 0) return new Set();
  if (accountIds.length > MAX_ASKED) throw new RangeError(`at most ${MAX_ASKED} accounts at once`);
  const rows = await sql.query<{ given: string }>(
    `select g.given from unnest($2::text[], $3::text[]) as g(given, key)
     where exists (select from opt_out o where o.platform = $1 and o.account_id = g.given)
        or exists (select from opt_out o where o.platform = $1 and o.handle = g.key)`,
    [platform, accountIds, accountIds.map(handleKey)],
  );
  return new Set(rows.map(({ given }) => given));
}
