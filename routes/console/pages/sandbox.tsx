/** `/sandbox`: the sandbox network as its public would see it. */
import type { Hono } from "hono";
import { sandboxTimeline } from "../../../db/read/sandbox.ts";
import { route } from "../../route.ts";
import { type Console, page } from "../context.tsx";
import { Empty, Face, Pager } from "../parts/small.tsx";
import { Marked } from "../parts/text.tsx";
import { Time } from "../parts/time.tsx";

export function addSandbox(app: Hono, con: Console): void {
  route(app, "GET", "/sandbox", "persona.list", (c) =>
    page(c, con, async (sql) => {
      const after = c.req.query("after") ?? null;
      const handle = c.req.query("account");
      const { items, next } = await sandboxTimeline(sql, { after, handle });
      const here = handle === undefined ? "/sandbox" : `/sandbox?account=${encodeURIComponent(handle)}`;
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
                  A small network inside digi-persona, to try things out. It looks like this to those who live
                  in it.
                </p>
              </div>
              <a class="btn end" href={here}>Look again</a>
            </div>
            {items.length === 0
              ? (
                <Empty title="Nobody has said anything here yet">
                  <p>What personas publish in the sandbox appears here, with the answers that they get.</p>
                  <a class="btn" href="/review">To the review</a>
                </Empty>
              )
              : (
                <div class="network">
                  <header>
                    Sandbox · nobody outside digi-persona sees this{handle !== undefined && (
                      <>
                        · only @{handle} · <a href="/sandbox">everybody</a>
                      </>
                    )}
                  </header>
                  {items.map((post) => (
                    <article class={post.replyTo === null ? "" : "reply"} id={`said-${post.id}`}>
                      <Face name={post.name} />
                      <div>
                        <p class="row">
                          <b dir="auto">
                            <Marked text={post.name} />
                          </b>
                          <a class="soft small" href={`/sandbox?account=${encodeURIComponent(post.handle)}`}>
                            @<Marked text={post.handle} />
                          </a>
                          <span class="faint small">
                            · <Time at={post.createdAt} zone="UTC" now={con.now()} /> UTC
                          </span>
                        </p>
                        {post.replyTo !== null && (
                          <p class="small soft truncate">
                            answers @{post.replyTo.handle}: <Marked text={post.replyTo.text} />
                          </p>
                        )}
                        <p class="said" dir="auto" lang={post.language ?? undefined} hx-ignore="">
                          <Marked text={post.text} />
                        </p>
                      </div>
                    </article>
                  ))}
                </div>
              )}
            <Pager
              newer={after === null ? null : here}
              older={next === null ? null : `${here}${here.includes("?") ? "&" : "?"}after=${next}`}
            />
          </>
        ),
      };
    }), { persona: null });
}
