/** `/posts/:id`: one post with all that happened to it; `/posts/:id/why`: why it says what it says. */
import type { Context, Hono } from "hono";
import type { Child } from "hono/jsx";
import type { Json, StoredEvent } from "../../../db/log/log.ts";
import { saidBefore } from "../../../db/read/console.ts";
import type { Sql } from "../../../db/sql.ts";
import { limitsOf } from "../../../actors/persona/platforms/limits.ts";
import { route } from "../../route.ts";
import { ThreadView } from "../compose/thread_view.tsx";
import { type Console, page, type PageOf } from "../context.tsx";
import { allVerdicts, Kept, RuleSource } from "../parts/card_outcome.tsx";
import { Feed } from "../parts/feed.tsx";
import { Empty, PlatformChip, plural } from "../parts/small.tsx";
import { StatusChip } from "../parts/status_chip.tsx";
import { PersonaStopped } from "../parts/stops.tsx";
import { Foreign, Marked } from "../parts/text.tsx";
import { There } from "../parts/there.tsx";
import { Time } from "../parts/time.tsx";
import { money, ruleWords, whoWords } from "../words.ts";
import { missing } from "./missing.tsx";
import { ZoneList } from "./persona_parts.tsx";
import { PostPage, type PostPageProps, readPostPage } from "./post_parts.tsx";

export function addPostPages(app: Hono, con: Console): void {
  const all = { persona: null };
  route(
    app,
    "GET",
    "/posts/:postId",
    "persona.list",
    (c) => page(c, con, (sql) => postPage(c, con, sql)),
    all,
  );
  route(
    app,
    "GET",
    "/posts/:postId/why",
    "persona.list",
    (c) => page(c, con, (sql) => whyPage(c, con, sql)),
    all,
  );
}

async function postPage(c: Context, con: Console, sql: Sql): Promise<PageOf | Response> {
  const props = await readPostPage(sql, c.req.param("postId") ?? "", {
    stops: con.program.supervisor.stops(),
    now: con.now(),
  });
  if (props === null) return await missing(c, con, "post");
  const { post, persona } = props;
  return {
    title: `Post of ${persona.name}`,
    place: "persona",
    personaId: post.persona,
    topics: [`post:${post.id}`, `persona:${post.persona}`],
    body: (
      <>
        <Head {...props} />
        <PersonaStopped {...props} persona={{ ...persona, id: post.persona }} />
        <div id={`post-page-${post.id}`}>
          <PostPage {...props} />
        </div>
        <ZoneList />
      </>
    ),
  };
}

function Head({ post, persona, now, why = false }: PostPageProps & { why?: boolean }) {
  return (
    <div class="page-head">
      <div>
        <h1>
          {why ? "Why this?" : "Post"} ·{" "}
          <a class="link" href={`/personas/${post.persona}`} dir="auto">
            <Marked text={persona.name} />
          </a>
        </h1>
        <p class="row small soft">
          <PlatformChip platform={post.platform} />
          <StatusChip {...{ post, now }} zone={persona.zone} />
        </p>
      </div>
      {why
        ? <a class="btn end" href={`/posts/${post.id}`}>Back to the post</a>
        : <a class="btn end" href={`/posts/${post.id}/why`}>Why this?</a>}
    </div>
  );
}

async function whyPage(c: Context, con: Console, sql: Sql): Promise<PageOf | Response> {
  const props = await readPostPage(sql, c.req.param("postId") ?? "", {
    stops: con.program.supervisor.stops(),
    now: con.now(),
  });
  if (props === null) return await missing(c, con, "post");
  const { post, persona, users, events, more, context, now } = props;
  const verdicts = allVerdicts(post, more);
  const asked = events.findLast((event) => event.type === "CompositionRequested");
  const refs = refsOf(
    events.findLast((event) => event.type === "DraftComposed" || event.type === "CompositionFailed"),
  );
  const words = await con.program.log.words(Object.values(refs).filter((ref) => ref !== null));
  const said = await saidBefore(sql, post.persona, asked?.position ?? post.createdPosition);
  const approvals = events.filter((event) => event.type === "PostApproved");
  const edits = events.filter((event) => event.type === "DraftRevised");
  const { provenance } = post;
  const by = (event: StoredEvent) => whoWords(event.by, users);
  return {
    title: "Why this?",
    place: "persona",
    personaId: post.persona,
    topics: null,
    body: (
      <>
        <Head {...props} why />
        <div class="cols">
          <section class="stack">
            <Panel
              title={post.status === "published" ? "Exactly this went out" : "Exactly this would go out"}
            >
              {post.content === null
                ? <p class="soft">Nothing was written yet.</p>
                : <ThreadView post={post} />}
              {post.contentHash !== null && (
                <p class="small faint">
                  content hash <code>{post.contentHash}</code>
                </p>
              )}
              {post.url !== null && (
                <p class="small">
                  <There url={post.url}>
                    {post.platform === "sandbox" ? "See it in the sandbox" : "Open it"}
                  </There>
                </p>
              )}
            </Panel>
            {post.answering !== null && (
              <Panel title="What it answers">
                <Kept words={more?.answers ?? null} />
              </Panel>
            )}
            <Panel title="Who said so">
              <dl class="dl">
                <dt>Asked for</dt>
                <dd>
                  <Marked text={post.brief} />
                  {asked !== undefined && (
                    <span class="faint">
                      {" · by "}
                      {by(asked)}, <Time at={asked.at} zone={persona.zone} now={now} />
                    </span>
                  )}
                </dd>
                <dt>Edited</dt>
                <dd>
                  {edits.length === 0 ? "by nobody" : edits.map((event) => (
                    <>
                      {by(event)}, <Time at={event.at} zone={persona.zone} now={now} />
                      {" "}
                    </>
                  ))}
                </dd>
                <dt>Approved</dt>
                <dd>
                  {approvals.length === 0 ? "by nobody so far" : approvals.map((event) => (
                    <p>
                      by {by(event)}
                      {event.data.via === "token" && " (a token)"},{" "}
                      <Time at={event.at} zone={persona.zone} style="full" />
                      <br />
                      <span class="small faint">
                        for content <code>{String(event.data.contentHash).slice(0, 16)}…</code>
                        {event.data.contentHash === post.contentHash ? ", this text" : ", an earlier text"}
                      </span>
                    </p>
                  ))}
                </dd>
              </dl>
            </Panel>
            <Panel title="Rules">
              {verdicts.length === 0 && <p class="soft">None ran yet: there is no text.</p>}
              <dl class="dl">
                {verdicts.map((verdict) => (
                  <>
                    <dt
                      class={verdict.level === "block" ? "bad" : verdict.level === "warn" ? "warn" : "ok"}
                    >
                      {LEVEL_WORDS[verdict.level]}
                    </dt>
                    <dd title={verdict.rule}>
                      <Marked text={verdict.message} /> <RuleSource verdict={verdict} />
                    </dd>
                  </>
                ))}
              </dl>
              {verdicts.length > 0 && (
                <p class="small faint">Rules look at form, not at truth: no fact was checked.</p>
              )}
            </Panel>
            <Panel title="What it had said before">
              {said.length === 0 ? <p class="soft">Nothing: this was among its first posts.</p> : (
                <>
                  <p class="small soft">
                    The last {plural(said.length, "text")}{" "}
                    before this one; the writer gets them so that it does not repeat itself.
                  </p>
                  <ul class="lines">
                    {said.map(({ postId, text, at }) => (
                      <li>
                        <a class="link small" href={`/posts/${postId}`}>
                          <Time at={at} zone={persona.zone} now={now} />
                        </a>{" "}
                        <span dir="auto">
                          <Marked text={text} />
                        </span>
                      </li>
                    ))}
                  </ul>
                </>
              )}
            </Panel>
            <Panel title="What happened, in order">
              <Feed id="why-feed" events={events} named={false} zone={persona.zone} {...{ context, now }} />
            </Panel>
          </section>
          <section class="stack" id="model">
            <Panel title="Model">
              {provenance === null
                ? (
                  <p class="soft">
                    {post.content === null
                      ? "No draft came of it."
                      : "The last text was written by a person."}
                  </p>
                )
                : (
                  <dl class="dl">
                    <dt>Model</dt>
                    <dd>
                      <code>{provenance.model}</code>
                    </dd>
                    <dt>Tokens</dt>
                    <dd>
                      {provenance.inputTokens.toLocaleString("en-US")} in,{" "}
                      {provenance.outputTokens.toLocaleString("en-US")} out
                    </dd>
                    <dt>Cost</dt>
                    <dd>{money(provenance.costMicroUsd)}</dd>
                    <dt>Took</dt>
                    <dd>{(provenance.durationMs / 1_000).toFixed(1)} s</dd>
                    <dt>Prompt template</dt>
                    <dd>
                      <code>{provenance.templateVersion}</code>{" "}
                      <span class="faint">hash {provenance.promptHash.slice(0, 12)}</span>
                    </dd>
                    <dt>Length allowed</dt>
                    <dd>{limitsOf(post.platform).maxLength} characters</dd>
                  </dl>
                )}
            </Panel>
            <Panel title="What the model was asked">
              <Words ref_={refs.prompt} words={words} draw={promptBoxes} />
            </Panel>
            <Panel title="What it answered">
              <Words
                ref_={refs.answer}
                words={words}
                draw={(content) => (
                  <Foreign
                    mono
                    text={typeof content === "string" ? content : JSON.stringify(content, null, 2)}
                  />
                )}
              />
            </Panel>
          </section>
        </div>
      </>
    ),
  };
}

const LEVEL_WORDS = { block: "✕ blocks", warn: "! a look", pass: "✓ passes" } as const;

function Panel({ title, children }: { title: string; children?: Child }) {
  return (
    <div class="panel">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

type WordsMap = Awaited<ReturnType<Console["program"]["log"]["words"]>>;

function Words(
  { ref_, words, draw }: { ref_: string | null; words: WordsMap; draw: (content: Json) => Child },
) {
  const found = ref_ === null ? undefined : words.get(ref_);
  if (found === undefined) {
    return <Empty title="Nothing is kept">No model was asked, or nothing came back.</Empty>;
  }
  if ("removedAt" in found) {
    return <p class="soft">Removed on {found.removedAt.slice(0, 10)} under rule {ruleWords(found.rule)}.</p>;
  }
  return <>{draw(found.content)}</>;
}

/** Prompts are lists of messages; anything else is shown as it is. */
function promptBoxes(content: Json): Child {
  if (!Array.isArray(content)) {
    return <Foreign mono text={typeof content === "string" ? content : JSON.stringify(content, null, 2)} />;
  }
  return content.map((message) => {
    const { role, content: text } = message !== null && typeof message === "object" && !Array.isArray(message)
      ? message
      : { role: "?", content: message };
    return (
      <>
        <p class="fence-label">{String(role)}</p>
        <Foreign mono text={typeof text === "string" ? text : JSON.stringify(text)} />
      </>
    );
  });
}

function refsOf(event: StoredEvent | undefined): { prompt: string | null; answer: string | null } {
  const writing = event?.data.writing;
  const from = writing !== null && typeof writing === "object" && !Array.isArray(writing)
    ? writing
    : event?.data ?? {};
  const text = (value: Json | undefined) => typeof value === "string" ? value : null;
  return { prompt: text(from.promptRef), answer: text(from.answerRef) };
}
