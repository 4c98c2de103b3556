/** A post as something to act on: who says what, where, when, with which checks, and buttons that say what they do. */
import type { Child } from "hono/jsx";
import { limitsOf } from "../../../actors/persona/platforms/limits.ts";
import type { Stop } from "../../../actors/supervisor/supervisor_port.ts";
import type { PostRead } from "../../../db/read/posts.ts";
import { handleWords } from "../account_words.ts";
import { LengthOf, ThreadView, VariantsOf } from "../compose/thread_view.tsx";
import { waitOf, waitsForAccount } from "../waits.ts";
import { money, STATUS_WORDS, whoWords, withNames } from "../words.ts";
import { CardActions } from "./card_actions.tsx";
import { cardLabel } from "./card_label.ts";
import { allVerdicts, Answers, type CardMore, COORDINATED, OutcomeOf, RuleSource } from "./card_outcome.tsx";
import { address } from "./card_panels.tsx";
import { DoubtCard } from "./doubt.tsx";
import type { Errors } from "./field.tsx";
import { Chip, PlatformChip, plural } from "./small.tsx";
import { HeldNote } from "./stops.tsx";
import { Marked } from "./text.tsx";
import { say, Time, zoneName } from "./time.tsx";

/** A panel of the card that was open when its form was refused, with what was typed and what was wrong. */
export interface Attempt {
  panel:
    | "edit"
    | "reject"
    | "rewrite"
    | "schedule"
    | "resolve"
    | "part_out"
    | "did_not"
    | "delete"
    | "hold"
    | "none";
  typed: Record<string, string>;
  errors: Errors;
}

export interface CardProps {
  post: PostRead;
  /** Zone and name of the persona. */
  persona: { name: string; zone: string };
  users: ReadonlyMap<string, string>;
  /** The stop that keeps it, or all of its persona, from going out. */
  held: Stop | null;
  now: number;
  /** On lists over several personas: says whose it is. */
  named?: boolean;
  attempt?: Attempt;
  /** What only some posts have; see `readMore`. */
  more?: CardMore;
}

export function isWriting(post: PostRead): boolean {
  return post.status === "draft" && (post.writing === "asked" || post.writing === "writing");
}

/** A person must bring it on. */
export function needsPerson(post: PostRead): boolean {
  return ["pending_review", "expired", "uncertain"].includes(post.status) ||
    (post.status === "draft" && !isWriting(post));
}

/** Whether it may be on its way out, and nothing but its persona, its platform or all posting is stopped. */
export function canBeHeld({ post, held }: Pick<CardProps, "post" | "held">): boolean {
  return held?.scope.kind !== "post" &&
    ["approved", "scheduled", "publishing", "uncertain"].includes(post.status);
}

const SETTLED = ["published", "rejected", "failed", "withdrawn", "deleted"];

export function Card(props: CardProps) {
  const { post, persona, users, now, attempt, more } = props;
  if (post.status === "uncertain" && more?.doubt) {
    return <DoubtCard {...{ post, persona, users, now, attempt }} {...more.doubt} />;
  }
  const real = limitsOf(post.platform).real;
  const settled = SETTLED.includes(post.status);
  const held = settled ? null : props.held;
  const kind = ["card", real ? "" : "sandbox", settled ? "settled" : "", isWriting(post) ? "working" : ""];
  return (
    <article
      class={kind.filter(Boolean).join(" ")}
      id={`post-${post.id}`}
      tabindex={0}
      data-card=""
      data-hash={post.contentHash ?? ""}
      aria-label={cardLabel(post, persona, held)}
    >
      <Meta {...props} />
      <div class="body">
        {held !== null && (
          <HeldNote {...{ users, now }} stop={held} zone={persona.zone} lift={address(post, "let-go")} />
        )}
        <Body {...props} />
        <Checks {...props} />
        {attempt?.errors.form !== undefined && (
          <div class="notice bad" role="alert">{attempt.errors.form}</div>
        )}
      </div>
      <CardActions {...props} />
    </article>
  );
}

function Meta({ post, persona, held, now, named = false }: CardProps) {
  return (
    <div class="meta">
      <PlatformChip platform={post.platform} />
      {named && (
        <a class="link" href={`/personas/${post.persona}`} dir="auto">
          <Marked text={persona.name} />
        </a>
      )}
      <span class="truncate" title={post.account?.service}>
        {post.account === null ? "no account" : (
          <bdi>
            <Marked text={handleWords(post.platform, post.account.handle)} />
          </bdi>
        )}
      </span>
      <span>
        · <Moment {...{ post, held, now }} zone={persona.zone} />
      </span>
      <LengthOf post={post} />
    </div>
  );
}

function Moment({ post, zone, held, now }: Pick<CardProps, "post" | "held" | "now"> & { zone: string }) {
  const there = (slotZone: string): Child => `(${zoneName(slotZone)})`;
  if (post.slot !== null) {
    return (
      <>
        {post.status !== "scheduled" ? "for" : Date.parse(post.slot.at) > now ? "goes out" : "was due"}{" "}
        <Time at={post.slot.at} zone={post.slot.zone} now={now} /> {there(post.slot.zone)}
      </>
    );
  }
  if (post.publishedAt !== null) {
    return (
      <>
        published <Time at={post.publishedAt} zone={zone} now={now} /> {there(zone)}
      </>
    );
  }
  if (held === null && waitsForAccount(post)) return <>waits for its account</>;
  const wait = held === null ? waitOf(post, now) : null;
  if (wait !== null) {
    return (
      <>
        waits until <Time at={wait} zone={zone} now={now} /> {there(zone)}
      </>
    );
  }
  if (post.status === "draft" && !isWriting(post)) {
    return <>{post.content === null ? "not written" : "draft"}</>;
  }
  return <>{post.status === "pending_review" ? "no time set" : STATUS_WORDS[post.status].text}</>;
}

function Body({ post, persona, users, held, now, more }: CardProps) {
  if (isWriting(post)) {
    return (
      <>
        <Answers post={post} words={more?.answers} />
        <p class="soft small">
          Writing: <Marked text={post.brief} />
        </p>
        <p class="said" id={`writing-${post.id}`} aria-busy="true" data-stream=""></p>
      </>
    );
  }
  return (
    <>
      <Answers post={post} words={more?.answers} />
      {post.status === "draft" && post.writing === "failed" && (
        <div class="notice bad" role="alert">
          <b>Nothing was written.</b> <Marked text={post.trouble ?? "The writer gave no reason."} />
        </div>
      )}
      {post.trouble !== null && !(post.status === "draft" && post.writing === "failed") && (
        <div class="notice warn">
          <Marked text={withNames(post.trouble, users)} />
        </div>
      )}
      {post.content === null
        ? (
          <p class="soft">
            Asked for: <Marked text={post.brief} />
          </p>
        )
        : <ThreadView post={post} />}
      <VariantsOf post={post} />
      <OutcomeOf {...{ post, persona, now }} />
      {post.status === "publishing" && held === null && <OnItsWay {...{ post, now }} zone={persona.zone} />}
    </>
  );
}

function OnItsWay({ post, zone, now }: { post: PostRead; zone: string; now: number }) {
  if (waitsForAccount(post)) {
    return (
      <p class="soft small">
        Waiting since {say(post.updatedAt, zone, "short", now)}: it goes out once its account is{" "}
        <a href={`/personas/${post.persona}/connections`}>connected again</a>.
      </p>
    );
  }
  const wait = waitOf(post, now);
  const isWaiting = post.trouble !== null || wait !== null;
  return (
    <p class="soft small">
      {isWaiting ? "Waiting" : "On its way"}
      {post.attempts > 1 ? `, try ${post.attempts}` : ""} since {say(post.updatedAt, zone, "short", now)}
      {wait === null ? isWaiting && ": it goes out by itself" : (
        <>
          : the next try is at <Time at={wait} zone={zone} now={now} /> ({zoneName(zone)}), by itself
        </>
      )}.
    </p>
  );
}

function Checks({ post, persona, users, now, more }: CardProps) {
  if (post.content === null) return null;
  const verdicts = allVerdicts(post, more);
  const passed = verdicts.filter((verdict) => verdict.level === "pass");
  return (
    <div class="chips">
      {verdicts.filter((verdict) => verdict.level === "block").map((verdict) => (
        <Chip tone="bad">
          {verdict.rule === COORDINATED ? "‖ waits for you" : "✕ blocked"}: <Marked text={verdict.message} />
          {" "}
          <RuleSource verdict={verdict} />
        </Chip>
      ))}
      {verdicts.filter((verdict) => verdict.level === "warn").map((verdict) => (
        <Chip tone="warn">
          ! needs a look: <Marked text={verdict.message} /> <RuleSource verdict={verdict} />
        </Chip>
      ))}
      {passed.length > 0 && (
        <Chip tone="ok" title={passed.map((verdict) => verdict.message).join("\n")}>
          ✓ {plural(passed.length, "rule")} checked, facts not
        </Chip>
      )}
      <Chip title="How the public can see that a machine writes">
        {post.content.disclosure === "profile_label" ? "profile says it is automated" : "no disclosure"}
      </Chip>
      {!post.prepared && <Chip tone="warn">links and mentions are being looked up</Chip>}
      {post.provenance === null ? <Chip>written by a person</Chip> : (
        <Chip
          title={`${post.provenance.model}, ${
            post.provenance.inputTokens + post.provenance.outputTokens
          } tokens`}
        >
          {money(post.provenance.costMicroUsd)}
        </Chip>
      )}
      {post.approval !== null && (
        <Chip tone="ok" title={`Ends ${say(post.approval.expiresAt, persona.zone, "full")}`}>
          approved by {whoWords(post.approval.by, users)}
          {post.approval.via === "token" && " (token)"}, {say(post.approval.at, persona.zone, "short", now)}
        </Chip>
      )}
    </div>
  );
}
