/** What people said to a persona, our post that it is about, and the answer: one that is there, or the way to give one. */
import type { Child } from "hono/jsx";
import { limitsOf, maxLengthOf } from "../../../actors/persona/platforms/limits.ts";
import type { Platform } from "../../../actors/persona/platforms/port.ts";
import { SOURCES } from "../../../actors/persona/policy/sources.ts";
import type { InboxRead, OurPost } from "../../../db/read/inbox.ts";
import { STATUS_WORDS } from "../words.ts";
import { Kept } from "./card_outcome.tsx";
import { type Errors, TextArea } from "./field.tsx";
import { Chip, Empty, PlatformChip, Post } from "./small.tsx";
import { ExternalLink, Marked } from "./text.tsx";
import { Time, zoneName } from "./time.tsx";

/** The form of one that was refused, with what was typed and what was wrong. */
export interface AnswerAttempt {
  how: Way;
  typed: Record<string, string>;
  errors: Errors;
}

/** `brief`: the persona writes; `text`: the person does. */
export type Way = "brief" | "text";

interface HeardProps {
  one: InboxRead;
  now: number;
  attempt?: AnswerAttempt;
}

const KIND_WORDS: Record<InboxRead["kind"], string> = {
  mention: "mentions it",
  reply: "replies",
  quote: "quotes it",
  like: "likes it",
  repost: "passes it on",
  follow: "follows",
};

export function HeardCard({ one, now, attempt }: HeardProps) {
  const { id, persona, personaName, zone, kind, account, words, saidAt } = one;
  const author = words !== null && "text" in words ? words.authorHandle : null;
  const sandbox = account !== null && !limitsOf(account.platform).real;
  return (
    <article
      class={["card heard", sandbox ? "sandbox" : "", one.open ? "" : "settled"].filter(Boolean).join(" ")}
      id={`heard-${id}`}
      tabindex={0}
      data-card=""
      data-hash={one.answer?.id ?? ""}
      aria-label={`${author ?? "Somebody"} ${KIND_WORDS[kind]}: ${personaName ?? "a deleted persona"}${
        one.answer === null ? "" : `, answer ${STATUS_WORDS[one.answer.status].text}`
      }`}
    >
      <div class="meta">
        {account !== null && <PlatformChip platform={account.platform} />}
        <b>
          {author === null ? "somebody" : (
            <bdi>
              @<Marked text={author.replace(/^@/, "")} />
            </bdi>
          )}
        </b>
        <span>
          {KIND_WORDS[kind]} ·{" "}
          <a class="link" href={`/personas/${persona}`} dir="auto">
            <Marked text={personaName ?? "a deleted persona"} />
          </a>
        </span>
        <span class="count">
          <Time at={saidAt} zone={zone} now={now} /> ({zoneName(zone)})
        </span>
      </div>
      <div class="body">
        {one.about !== null && <Ours label="about" post={one.about} />}
        <Kept words={words} />
        {words !== null && "text" in words && (
          <p class="row small soft">
            {words.url !== null && <ExternalLink href={words.url}>Open it there</ExternalLink>}
            {words.profileRemovedAt !== null && (
              <span class="faint">who said it was removed on {words.profileRemovedAt.slice(0, 10)}</span>
            )}
          </p>
        )}
        {one.answer !== null && <Ours label="answer" post={one.answer} />}
        {attempt?.errors.form !== undefined && (
          <div class="notice bad" role="alert">{attempt.errors.form}</div>
        )}
      </div>
      <Answering {...{ one, now, attempt }} />
    </article>
  );
}

/** A post of ours beside what was said: our own words, one line of them. */
function Ours({ label, post }: { label: "about" | "answer"; post: OurPost }) {
  const { text, tone } = STATUS_WORDS[post.status];
  return (
    <p class="ours small">
      <a class="link" href={`/posts/${post.id}`}>{label === "about" ? "about its post" : "its answer"}</a>
      {" "}
      {label === "answer" && <Chip tone={tone}>{text}</Chip>}{" "}
      <span class="soft" dir="auto">
        <Marked text={post.text} />
      </span>
    </p>
  );
}

/** An answer that was dropped before any of it went out leaves room for another. */
function isTaken({ answer }: InboxRead): boolean {
  return answer !== null && (answer.out || !["rejected", "withdrawn"].includes(answer.status));
}

function Answering({ one, attempt }: HeardProps) {
  const { kind, account, words, summons } = one;
  if (!["mention", "reply", "quote"].includes(kind) || isTaken(one)) return null;
  if (account === null || !account.linked) {
    return <Not>The account to which this was said is not connected.</Not>;
  }
  if (one.personaName === null) return null;
  const { platform } = account;
  if (!summons) {
    return (
      <Not>
        {limitsOf(platform).label}{" "}
        takes an answer of a program only where the author named the persona or quoted its post.{" "}
        <a class="source" href={SOURCES.xChanges} target="_blank" rel="noopener" title={SOURCES.xChanges}>
          {new URL(SOURCES.xChanges).host} ↗
        </a>
      </Not>
    );
  }
  // The writer has nothing to answer where the words are gone; a person may still know them.
  const writes = words !== null && "text" in words;
  return (
    <>
      <div class="acts">
        {writes && <Opener one={one} way="brief" letter="A">Let it answer</Opener>}
        <Opener one={one} way="text" letter="E">
          {writes ? "Write it yourself" : "Answer in your own words"}
        </Opener>
        {!writes && <span class="small soft">The words are gone, so the writer has nothing to answer.</span>}
      </div>
      {writes && <BriefForm {...{ one, attempt, platform }} />}
      <TextForm {...{ one, attempt, platform }} />
    </>
  );
}

function Not({ children }: { children?: Child }) {
  return (
    <div class="acts">
      <span class="small soft">{children}</span>
    </div>
  );
}

function Opener({ one, way, letter, children }: {
  one: InboxRead;
  way: Way;
  letter: string;
  children?: Child;
}) {
  const id = `${way}-${one.id}`;
  return (
    <button
      class="btn"
      type="button"
      data-opens={id}
      data-key={letter}
      aria-controls={id}
      aria-expanded="false"
    >
      {children} <kbd>{letter}</kbd>
    </button>
  );
}

type FormProps = Pick<HeardProps, "one" | "attempt"> & { platform: Platform };

function BriefForm({ one, attempt, platform }: FormProps) {
  const open = attempt?.how === "brief";
  const reads = one.account?.wordsToModel ?? limitsOf(platform).wordsToModel;
  return (
    <Form one={one} way="brief" open={open} says="Let it write">
      <TextArea
        name="brief"
        label={reads ? "What to say (may be empty)" : "What to answer"}
        rows={2}
        hint={reads
          ? "The writer sees what was said, and this. The answer comes to review."
          : `What people say on ${
            limitsOf(platform).label
          } is not shown to the writer: say what it is to answer. It comes to review.`}
        required={!reads}
        scope={`brief-${one.id}`}
        value={open ? attempt.typed.brief ?? "" : ""}
        errors={open ? attempt.errors : {}}
      />
    </Form>
  );
}

function TextForm({ one, attempt, platform }: FormProps) {
  const open = attempt?.how === "text";
  const { unit } = limitsOf(platform);
  const most = maxLengthOf(platform, true);
  return (
    <Form one={one} way="text" open={open} says="Keep it for review">
      <TextArea
        name="text"
        label="Your answer"
        class="big"
        rows={3}
        hint={`At most ${most.toLocaleString("en-US")} ${unit}. It waits for review like every text.`}
        required
        scope={`text-${one.id}`}
        value={open ? attempt.typed.text ?? "" : ""}
        errors={open ? attempt.errors : {}}
      />
    </Form>
  );
}

function Form({ one, way, open, says, children }: {
  one: InboxRead;
  way: Way;
  open: boolean;
  says: string;
  children?: Child;
}) {
  return (
    <div id={`${way}-${one.id}`} data-panel={way} hidden={!open}>
      <Post
        action={`/personas/${one.persona}/interactions/${one.id}/reply`}
        fields={{ how: way }}
        class="panel-form"
        data-keep={`${way}-${one.id}`}
      >
        {children}
        <div class="row">
          <button class="btn go">{says}</button>
          <button class="btn quiet" type="button" data-closes="">Cancel</button>
        </div>
      </Post>
    </div>
  );
}

export interface HeardsProps {
  heard: InboxRead[];
  what: "answerable" | "signs";
  now: number;
}

export function Heard({ heard, what, now }: HeardsProps) {
  if (heard.length === 0) {
    return what === "signs"
      ? <Empty title="No likes, reposts or followers yet">They appear here as accounts hear of them.</Empty>
      : (
        <Empty title="Nobody has said anything yet">
          Mentions, replies and quotes appear here as soon as a connected account hears them.
        </Empty>
      );
  }
  const open = heard.filter((one) => one.open);
  const rest = heard.filter((one) => !one.open);
  return (
    <>
      {open.length > 0 && rest.length > 0 && <Part id="heard-open" title="Not answered" />}
      {open.map((one) => <HeardCard {...{ one, now }} />)}
      {open.length > 0 && rest.length > 0 && <Part id="heard-rest" title="The rest" />}
      {rest.map((one) => <HeardCard {...{ one, now }} />)}
    </>
  );
}

function Part({ id, title }: { id: string; title: string }) {
  return (
    <div class="head" id={id}>
      <h2>{title}</h2>
    </div>
  );
}
