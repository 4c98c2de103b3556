/** Reads what a preview shows besides the text: how the account stands over its posts, and whom a post answers. */
import { heard } from "../../../db/read/console.ts";
import type { PostRead } from "../../../db/read/posts.ts";
import { sandboxAccountsByHandle } from "../../../db/sandbox/sandbox.ts";
import type { Sql } from "../../../db/sql.ts";
import type { Removed, SaidWords } from "../../../db/read/words.ts";
import { type AccountKey, type AccountLook, accountLook } from "../account_words.ts";
import type { AnswerTo } from "./preview.tsx";

/** Only the sandbox's accounts have a display name that is kept here. */
export async function readAccountLook(sql: Sql, account: AccountKey): Promise<AccountLook> {
  if (account.platform !== "sandbox") return accountLook(account, null);
  const found = await sandboxAccountsByHandle(sql, [account.handle]);
  const own = found.find(({ id }) => id === account.accountId);
  return accountLook(account, own?.name ?? null);
}

/** Null for a post that answers nothing. */
export async function readAnswerTo(
  sql: Sql,
  { answering }: Pick<PostRead, "answering">,
): Promise<AnswerTo | null> {
  if (answering === null) return null;
  const words = (await heard(sql, [answering.interactionId])).get(answering.interactionId)?.words ?? null;
  return answerTo(words);
}

export function answerTo(words: SaidWords | Removed | null): AnswerTo {
  return { handle: words !== null && "text" in words ? words.authorHandle : null };
}
