/** `/sandbox`: the sandbox network as its public would see it; `?account=` one person, `?thread=` one conversation. */
import type { Context, Hono } from "hono";
import { sandboxBlob } from "../../../db/sandbox/blobs.ts";
import { sandboxConversation, sandboxFeed, sandboxPeople, sandboxSaid } from "../../../db/read/sandbox.ts";
import type { Sql } from "../../../db/sql.ts";
import { route } from "../../route.ts";
import { type Console, page, type PageOf } from "../context.tsx";
import { Empty, Pager } from "../parts/small.tsx";
import { Marked } from "../parts/text.tsx";
import { missing } from "./missing.tsx";
import { accountAddress, Conversation, People, PostOf } from "./sandbox_parts.tsx";

/** What never changes may be kept by the browser of who may see it. */
const KEPT = "private, max-age=31536000, immutable";

export function addSandbox(app: Hono, con: Console): void {
  route(
    app,
    "GET",
    "/sandbox",
    "persona.list",
    (c) =>
      page(c, con, async (sql) => {
        const { account, thread, after = null } = c.req.query();
        if (thread !== undefined) return await oneThread(c, con, sql, thread);
        return account === undefined
          ? await everybody(con, sql, after)
          : await onePerson(con, sql, account, after);
      }),
    { persona: null },
  );
  route(app, "GET", "/sandbox/media/:sha256", "persona.list", async (c) => {
    const blob = await sandboxBlob(con.program.sql, c.req.param("sha256") ?? "");
    if (blob === null) return await missing(c, con, "page");
    return c.body(blob.bytes, 200, {
      "content-type": blob.mime,
      "content-disposition": "inline",
      "cache-control": KEPT,
    });
  }, { persona: null });
}

async function everybody(con: Console, sql: Sql, after: string | null): Promise<PageOf> {
  const { items, next } = await sandboxFeed(sql, { after });
  const people = await sandboxPeople(sql);
  const said = items.length === 0
    ? (
      <Empty title="Nobody has said anything here yet">
        <p>What personas publish in the sandbox appears here, with the answers that they get.</p>
        <a class="btn" href="/review">To the review</a>
      </Empty>
    )
    : (
      <div class="network">
        <header>Sandbox · nobody outside digi-persona sees this</header>
        {items.map((conversation) => <Conversation conversation={conversation} now={con.now()} />)}
      </div>
    );
  return frame(
    "/sandbox",
    <div class="sandbox-cols">
      <div>
        {said}
        <Pager
          newer={after === null ? null : "/sandbox"}
          older={next === null ? null : `/sandbox?after=${next}`}
        />
      </div>
      {people.length > 0 && <People people={people} />}
    </div>,
  );
}

async function onePerson(con: Console, sql: Sql, handle: string, after: string | null): Promise<PageOf> {
  const { items, next } = await sandboxSaid(sql, handle, { after });
  const here = accountAddress(handle);
  return frame(
    here,
    <>
      {items.length === 0
        ? (
          <Empty title="Nothing said under this name">
            <a class="btn" href="/sandbox">To everybody</a>
          </Empty>
        )
        : (
          <div class="network">
            <header>
              Sandbox · only @<Marked text={handle} /> · <a href="/sandbox">everybody</a>
            </header>
            {items.map((post) => <PostOf post={post} depth={0} inPlace={false} now={con.now()} />)}
          </div>
        )}
      <Pager newer={after === null ? null : here} older={next === null ? null : `${here}&after=${next}`} />
    </>,
  );
}

async function oneThread(c: Context, con: Console, sql: Sql, id: string): Promise<PageOf | Response> {
  const conversation = await sandboxConversation(sql, id);
  if (conversation === null) return await missing(c, con, "page");
  return frame(
    `/sandbox?thread=${encodeURIComponent(id)}`,
    <div class="network">
      <header>
        Sandbox · one conversation · <a href="/sandbox">everything</a>
      </header>
      <Conversation conversation={conversation} now={con.now()} marked={id} />
    </div>,
  );
}

function frame(here: string, body: PageOf["body"]): PageOf {
  return {
    title: "Sandbox",
    place: "sandbox",
    topics: [],
    body: (
      <>
        <div class="page-head">
          <div>
            <h1>Sandbox</h1>
            <p class="sub">
              A small network inside digi-persona, to try things out. It looks like this to those who live in
              it.
            </p>
          </div>
          <a class="btn end" href={here}>Look again</a>
        </div>
        {body}
      </>
    ),
  };
}
