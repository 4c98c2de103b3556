/** What people said to a persona, our post that it is about, and the answer: one that is there, or the way to give one. */
import { limitsOf } from "../../../actors/persona/platforms/limits.ts";
import type { InboxRead, OurPost } from "../../../db/read/inbox.ts";
import { handleWords } from "../account_words.ts";
import { STATUS_WORDS } from "../words.ts";
import { type AnswerAttempt, Answering } from "./answering.tsx";
import { Kept } from "./card_outcome.tsx";
import { Chip, Empty, PlatformChip } from "./small.tsx";
import { ExternalLink, Marked } from "./text.tsx";
import { Time, zoneName } from "./time.tsx";

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
  const { id, persona, personaName, zone, kind, account, saidAt } = one;
  const author = authorOf(one);
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
              <Marked text={author} />
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
        <WhatWasSaid one={one} />
        {one.answer !== null && <Ours label="answer" post={one.answer} />}
        {attempt?.errors.form !== undefined && (
          <div class="notice bad" role="alert">{attempt.errors.form}</div>
        )}
      </div>
      <Answering {...{ one, attempt }} />
    </article>
  );
}

/** Who said it, as people write it there; null where that is not kept. */
function authorOf({ words, account }: InboxRead): string | null {
  if (words === null || !("text" in words) || words.authorHandle === null) return null;
  return account === null ? words.authorHandle : handleWords(account.platform, words.authorHandle);
}

/** The words, or what became of them, below our post that they are about. */
function WhatWasSaid({ one: { about, words } }: { one: InboxRead }) {
  return (
    <>
      {about !== null && <Ours label="about" post={about} />}
      <Kept words={words} />
      {words !== null && "text" in words && (
        <p class="row small soft">
          {words.url !== null && <ExternalLink href={words.url}>Open it there</ExternalLink>}
          {words.profileRemovedAt !== null && (
            <span class="faint">who said it was removed on {words.profileRemovedAt.slice(0, 10)}</span>
          )}
        </p>
      )}
    </>
  );
}

/** What is answered, above the answer that is being written. */
export function Answered({ one, now }: { one: InboxRead; now: number }) {
  const author = authorOf(one);
  return (
    <section class="answers" aria-label="What it answers">
      <p class="small soft">
        Answers{" "}
        <b>
          {author === null ? "somebody" : (
            <bdi>
              <Marked text={author} />
            </bdi>
          )}
        </b>, who {KIND_WORDS[one.kind]} · <Time at={one.saidAt} zone={one.zone} now={now} />{" "}
        ({zoneName(one.zone)}) · <a class="link" href={`/inbox#heard-${one.id}`}>in the inbox</a>
      </p>
      <WhatWasSaid one={one} />
    </section>
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
