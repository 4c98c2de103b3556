/** Who is not answered, whatever the rules would say later: the writer need not be asked for what they would block. */
import { isOptedOut } from "../../db/opt_outs.ts";
import type { InboxRead } from "../../db/read/inbox.ts";
import type { Sql } from "../../db/sql.ts";
import { wordsGone } from "./parts/answering.tsx";

/** Why no answer is begun, for people; null where one may be. */
export async function whyLeftAlone(sql: Sql, heard: InboxRead): Promise<string | null> {
  const gone = wordsGone(heard);
  if (gone !== null) return gone;
  const { account, words } = heard;
  if (account === null || words === null || !("authorId" in words)) return null;
  const names = [words.authorId, words.authorHandle].filter((name) => name !== null);
  return (await isOptedOut(sql, account.platform, names)).size > 0
    ? "This person asked to be left alone: see Settings, People."
    : null;
}
