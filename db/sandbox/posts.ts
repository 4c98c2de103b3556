/** Posts of the sandbox: written once under their key, deleted for good. */
import { mentionedHandles } from "../../actors/persona/platforms/sandbox/facets.ts";
import type { Sql } from "../sql.ts";
import { type NoticeKind, tell } from "./notices.ts";
import { lockSandboxAccounts } from "./sandbox.ts";

export interface SandboxMedia {
  sha256: string;
  alt: string;
}

export interface NewSandboxPost {
  id: string;
  accountId: string;
  key: string;
  text: string;
  language: string;
  /** ISO 8601, as the author says. */
  createdAt: string;
  replyTo: string | null;
  quoteOf: string | null;
  media: SandboxMedia[];
}

export type SandboxPut =
  | { kind: "made" }
  /** The very same is there already. */
  | { kind: "same" }
  /** Something else is under this key. */
  | { kind: "other" }
  /** What was under this key is deleted: it does not come back. */
  | { kind: "deleted" }
  | { kind: "refused"; reason: string };

interface Named {
  id: string;
  account_id: string;
  root: string | null;
  deleted: boolean;
}

/** `at`: now, ISO 8601. `then` runs in the same transaction when the post is new. */
export async function putSandboxPost(
  sql: Sql,
  post: NewSandboxPost,
  at: string,
  then: (tx: Sql) => Promise<void> = () => Promise.resolve(),
): Promise<SandboxPut> {
  return await sql.transaction(async (tx) => {
    const put = await writeSandboxPost(tx, post, at);
    if (put.kind === "made") await then(tx);
    return put;
  });
}

/** As `putSandboxPost`, within a transaction that holds no other accounts. */
export async function writeSandboxPost(tx: Sql, post: NewSandboxPost, at: string): Promise<SandboxPut> {
  const told = await recipients(tx, post);
  await lockSandboxAccounts(tx, [post.accountId, ...told.map(({ accountId }) => accountId)]);
  const there = await underKey(tx, post);
  if (there !== null) return there;
  const named = await namedPosts(tx, post);
  const refusal = whyNot(post, named) ?? await whyNoPictures(tx, post);
  if (refusal !== null) return { kind: "refused", reason: refusal };
  const parent = named.find(({ id }) => id === post.replyTo);
  await tx.query(
    `insert into sandbox_post (id, account_id, key, text, language, reply_to, quote_of, root, created_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      post.id,
      post.accountId,
      post.key,
      post.text,
      post.language,
      post.replyTo,
      post.quoteOf,
      parent === undefined ? null : parent.root ?? parent.id,
      post.createdAt,
    ],
  );
  for (const [place, { sha256, alt }] of post.media.entries()) {
    await tx.query(`insert into sandbox_media (post_id, place, sha256, alt) values ($1, $2, $3, $4)`, [
      post.id,
      place,
      sha256,
      alt,
    ]);
  }
  for (const { accountId, kind, about } of told) {
    await tell(tx, { id: post.id, accountId, kind, actorId: post.accountId, postId: post.id, about, at });
  }
  return { kind: "made" };
}

/** Each is told once, of the most that it is to them: an answer, else a quote, else a mention. */
async function recipients(
  tx: Sql,
  post: NewSandboxPost,
): Promise<{ accountId: string; kind: NoticeKind; about: string | null }[]> {
  const named = await namedPosts(tx, post);
  const handles = mentionedHandles(post.text);
  const mentioned = handles.length === 0
    ? []
    : await tx.query<{ id: string }>(`select id from sandbox_account where handle = any($1)`, [handles]);
  const byWeight: { accountId: string; kind: NoticeKind; about: string | null }[] = [
    ...named.filter(({ id }) => id === post.replyTo).map((parent) => ({
      accountId: parent.account_id,
      kind: "reply" as const,
      about: parent.id,
    })),
    ...named.filter(({ id }) => id === post.quoteOf).map((quoted) => ({
      accountId: quoted.account_id,
      kind: "quote" as const,
      about: quoted.id,
    })),
    ...mentioned.map(({ id }) => ({ accountId: id, kind: "mention" as const, about: null })),
  ];
  return byWeight.filter(({ accountId }, index) =>
    byWeight.findIndex((other) => other.accountId === accountId) === index
  );
}

async function underKey(tx: Sql, post: NewSandboxPost): Promise<SandboxPut | null> {
  const [there] = await tx.query<
    {
      id: string;
      text: string;
      language: string;
      reply_to: string | null;
      quote_of: string | null;
      created_at: string;
      deleted_at: string | null;
    }
  >(`select * from sandbox_post where account_id = $1 and key = $2`, [post.accountId, post.key]);
  if (there === undefined) return null;
  if (there.deleted_at !== null) return { kind: "deleted" };
  const media = await tx.query<SandboxMedia>(
    `select sha256, alt from sandbox_media where post_id = $1 order by place`,
    [there.id],
  );
  const same = there.text === post.text && there.language === post.language &&
    there.reply_to === post.replyTo && there.quote_of === post.quoteOf &&
    Date.parse(there.created_at) === Date.parse(post.createdAt) && media.length === post.media.length &&
    media.every(({ sha256, alt }, place) =>
      sha256 === post.media[place]?.sha256 && alt === post.media[place]?.alt
    );
  return { kind: same ? "same" : "other" };
}

async function namedPosts(tx: Sql, { replyTo, quoteOf }: NewSandboxPost): Promise<Named[]> {
  const ids = [replyTo, quoteOf].filter((id) => id !== null);
  if (ids.length === 0) return [];
  return await tx.query<Named>(
    `select id, account_id, root, deleted_at is not null as deleted from sandbox_post where id = any($1)`,
    [ids],
  );
}

function whyNot({ replyTo, quoteOf }: NewSandboxPost, named: Named[]): string | null {
  for (const [id, what] of [[replyTo, "answers"], [quoteOf, "quotes"]] as const) {
    if (id === null) continue;
    const found = named.find((one) => one.id === id);
    if (found === undefined) return `the post that this ${what} is not there`;
    if (found.deleted) return `the post that this ${what} was deleted`;
  }
  return null;
}

/** Locks the pictures, so that none is swept away before the post is committed. */
async function whyNoPictures(tx: Sql, { media }: NewSandboxPost): Promise<string | null> {
  if (media.length === 0) return null;
  const wanted = [...new Set(media.map(({ sha256 }) => sha256))];
  const there = await tx.query<{ sha256: string }>(
    `select sha256 from sandbox_blob where sha256 = any($1) order by sha256 for key share`,
    [wanted],
  );
  const missing = wanted.find((sha256) => !there.some((blob) => blob.sha256 === sha256));
  return missing === undefined ? null : `the picture ${missing} is not there`;
}

/** Again is harmless. `absent`: there never was such a post. */
export async function deleteSandboxPost(
  sql: Sql,
  accountId: string,
  key: string,
  at: string,
): Promise<"deleted" | "absent"> {
  return await sql.transaction(async (tx) => {
    await lockSandboxAccounts(tx, [accountId]);
    const [post] = await tx.query<{ id: string; deleted_at: string | null }>(
      `select id, deleted_at from sandbox_post where account_id = $1 and key = $2`,
      [accountId, key],
    );
    if (post === undefined) return "absent";
    if (post.deleted_at !== null) return "deleted";
    await tx.query(`update sandbox_post set text = '', deleted_at = $2 where id = $1`, [post.id, at]);
    await tx.query(`delete from sandbox_media where post_id = $1`, [post.id]);
    await tx.query(`delete from sandbox_mark where post_id = $1`, [post.id]);
    await tx.query(`delete from sandbox_notice where post_id = $1`, [post.id]);
    // One that is being done waits for this account, so nobody may wait for it here; it will find the post gone.
    await tx.query(
      `delete from sandbox_act where id in
        (select id from sandbox_act where about = $1 and done_at is null for update skip locked)`,
      [post.id],
    );
    return "deleted";
  });
}
