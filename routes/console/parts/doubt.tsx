/** A post that may have gone out: what is known, where to look, and the three things that a person can say. */
import { isPage } from "../../../actors/persona/platforms/linkedin/urn.ts";
import type { StoredEvent } from "../../../db/log/log.ts";
import type { PostRead } from "../../../db/read/posts.ts";
import type { Stop } from "../../../actors/supervisor/supervisor_port.ts";
import { limitsOf } from "../../../actors/persona/platforms/limits.ts";
import { handleWords } from "../account_words.ts";
import { afterDidNot, type DoubtStory, profileOf, type Step, storyOf } from "../doubt_story.ts";
import { ThreadView } from "../compose/thread_view.tsx";
import type { Attempt } from "./card.tsx";
import { Open } from "./card_actions.tsx";
import { cardLabel } from "./card_label.ts";
import { address, HoldPanel, Panel } from "./card_panels.tsx";
import { Input } from "./field.tsx";
import { Chip, Empty, PlatformChip, Post } from "./small.tsx";
import { HeldNote, stopOf } from "./stops.tsx";
import { ExternalLink, Marked } from "./text.tsx";
import { There } from "./there.tsx";
import { dayName, Time, zoneName } from "./time.tsx";

export interface DoubtProps {
  post: PostRead;
  persona: { name: string; zone: string };
  /** How the persona lives: `active`, `paused`, `retired`. */
  life: string;
  /** What sending it and looking for it came to, in order. */
  events: readonly StoredEvent[];
  users: ReadonlyMap<string, string>;
  stops: readonly Stop[];
  now: number;
  attempt?: Attempt;
}

export function DoubtCard(props: DoubtProps) {
  const { post, persona, events, users, stops, now, attempt } = props;
  const { label, real } = limitsOf(post.platform);
  const story = storyOf(post, events, users);
  const held = stopOf(stops, { kind: "post", personaId: post.persona, postId: post.id });
  return (
    <article
      class={real ? "card doubt" : "card doubt sandbox"}
      id={`post-${post.id}`}
      tabindex={0}
      data-card=""
      data-hash={post.contentHash ?? ""}
      aria-label={cardLabel(post, persona, held)}
    >
      <DoubtMeta {...props} />
      <div class="body doubt-body">
        <section class="stack" aria-label="The post">
          {held !== null && (
            <HeldNote {...{ users, now }} stop={held} zone={persona.zone} lift={address(post, "let-go")} />
          )}
          <Text post={post} />
          <Evidence post={post} />
          <p class="small soft">
            <LookThere post={post} label={label} />
          </p>
          {attempt?.errors.form !== undefined && (
            <div class="notice bad" role="alert">{attempt.errors.form}</div>
          )}
        </section>
        <section aria-label="What happened">
          <ol class="steps">
            {story.steps.map((step) => <StepLine {...{ step, now }} zone={persona.zone} />)}
            <li class="next">
              <NextLook {...{ story, post, now }} zone={persona.zone} />
            </li>
          </ol>
        </section>
      </div>
      <div class="acts">
        <DoubtButtons post={post} canLook={story.canLook && readsBack(post)} />
        {held === null && <Open post={post} panel="hold">Hold this post</Open>}
        <a class="why" href={`/posts/${post.id}`}>All of this post</a>
      </div>
      <DoubtPanels {...props} />
      {held === null && <HoldPanel post={post} attempt={attempt} />}
    </article>
  );
}

function DoubtMeta({ post, persona, now }: DoubtProps) {
  return (
    <div class="meta">
      <PlatformChip platform={post.platform} />
      <a class="link" href={`/personas/${post.persona}`} dir="auto">
        <Marked text={persona.name} />
      </a>
      {post.account !== null && (
        <bdi class="truncate">
          <Marked text={handleWords(post.platform, post.account.handle)} />
        </bdi>
      )}
      <span>
        · asked for <Time at={post.createdAt} zone={persona.zone} now={now} /> ({zoneName(persona.zone)})
      </span>
      <span class="count">
        <Chip tone="bad">! may have gone out</Chip>
      </span>
    </div>
  );
}

/** The exact text; of a thread, which parts are known to be out. */
function Text({ post }: { post: PostRead }) {
  const { content, sent } = post;
  if (content === null) return <p class="soft">Its text is not known any more.</p>;
  const all = content.parts.length;
  return (
    <>
      <ThreadView post={post} />
      {all > 1 && (
        <p class="small warn">
          {sent.length === 0
            ? `Whether any of the ${all} parts is out is not known.`
            : `${parts(1, sent.length)} out; whether ${
              sent.length + 1 < all ? `parts ${sent.length + 1} to ${all} are` : `part ${all} is`
            }, is not known.`}
        </p>
      )}
    </>
  );
}

const parts = (from: number, to: number): string =>
  from === to ? `Part ${from} is` : `Parts ${from} to ${to} are`;

function Evidence({ post: { evidence } }: { post: PostRead }) {
  if (evidence.length === 0) return null;
  return (
    <div class="notice warn">
      <b>{evidence.length === 1 ? "This may be it:" : "One of these may be it:"}</b>
      <ul class="may-be">
        {evidence.map(({ id, url }) => (
          <li>
            <There url={url}>
              <Marked text={url === "" ? id : short(url)} />
            </There>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Addresses are long; the whole one stands in the link's title. */
function short(url: string): string {
  const bare = url.replace(/^https?:\/\//, "");
  return bare.length > 60 ? `${bare.slice(0, 58)}…` : bare;
}

function LookThere({ post, label }: { post: PostRead; label: string }) {
  const profile = profileOf(post);
  if (profile === null) return <>The account is not known any more: look for it by hand.</>;
  return profile.startsWith("/")
    ? <a class="link" href={profile} target="_blank" rel="noopener">Look at its account in the sandbox</a>
    : <ExternalLink href={profile}>Look at the account on {label}</ExternalLink>;
}

const MARKS: Record<Step["kind"], string> = {
  sent: "↑",
  doubt: "!",
  look: "⌕",
  asked: "⌕",
  absent: "∅",
  waits: "◷",
};

function StepLine({ step, zone, now }: { step: Step; zone: string; now: number }) {
  const { kind, at, until, times, title, detail } = step;
  return (
    <li>
      <span class={kind === "doubt" ? "mark bad" : "mark"} aria-hidden="true">{MARKS[kind]}</span>
      <p>
        <b>{times > 1 ? `${title} ${times} times` : title}</b>{" "}
        <span class="soft">
          <Marked text={detail} />
        </span>
      </p>
      <span class="when">
        <Moment {...{ at, zone, now }} />
        {until !== null && (
          <>
            {" "}to <Moment {...{ zone, now }} at={until} />
          </>
        )}
      </span>
    </li>
  );
}

/** To the second where it is of today: what came first matters here. */
function Moment({ at, zone, now }: { at: string; zone: string; now: number }) {
  const isToday = dayName(at, zone, now) === "Today";
  return <Time {...{ at, zone, now }} style={isToday ? "clock" : "short"} />;
}

function NextLook({ story, post, zone, now }: {
  story: DoubtStory;
  post: PostRead;
  zone: string;
  now: number;
}) {
  const { nextAt } = story;
  const mark = <span class="mark acc" aria-hidden="true">→</span>;
  if (!readsBack(post)) {
    return (
      <>
        {mark}
        <p>
          <b>No program can look there:</b> look yourself, and say what is there.
        </p>
      </>
    );
  }
  const reaches = post.account?.linked === true && post.account.health === "ok";
  if (nextAt === null || !story.canLook) {
    return (
      <>
        {mark}
        <p>
          <b>Nobody looks for it by itself:</b> say what is there.
        </p>
      </>
    );
  }
  if (!reaches) {
    return (
      <>
        {mark}
        <p>
          <b>Looked for again</b> <span class="soft">once the account is connected again</span>
        </p>
      </>
    );
  }
  return (
    <>
      {mark}
      <p>
        <b>{Date.parse(nextAt) <= now ? "Being looked for now" : "Looked for again"}</b>
      </p>
      {Date.parse(nextAt) > now && (
        <span class="when">
          <Moment {...{ zone, now }} at={nextAt} />
        </span>
      )}
    </>
  );
}

/** The number of the part that may be out while those behind it are not; null where only one part is in doubt. */
function nextPart({ content, sent }: PostRead): number | null {
  const next = sent.length + 1;
  return content !== null && content.parts.length > next ? next : null;
}

/** LinkedIn shows a member's posts to no program. */
function readsBack({ platform, account }: PostRead): boolean {
  return platform !== "linkedin" || account === null || isPage(account.accountId);
}

function DoubtButtons({ post, canLook }: { post: PostRead; canLook: boolean }) {
  return (
    <>
      <Open post={post} panel="resolve" letter="W">
        {nextPart(post) === null ? "It went out" : "All of it went out"}
      </Open>
      {nextPart(post) !== null && (
        <Open post={post} panel="part_out" letter="P">Part {nextPart(post)} did, the rest not</Open>
      )}
      <Open post={post} panel="did_not" letter="N">It did not go out</Open>
      {canLook && (
        <Post action={address(post, "check-again")}>
          <button class="btn" data-key="L">
            Look again now <kbd>L</kbd>
          </button>
        </Post>
      )}
    </>
  );
}

function DoubtPanels({ post, attempt, ...standing }: DoubtProps) {
  const open = (panel: Attempt["panel"]) => attempt?.panel === panel;
  const follows = afterDidNot(post, standing);
  return (
    <>
      <Panel {...{ post, open }} panel="resolve" command="resolve" says="It went out">
        <input type="hidden" name="outcome" value="went_out" />
        <Input
          type="url"
          name="url"
          label="Where is it?"
          hint="The address of the post. May be empty; then it cannot be measured or deleted from here."
          scope={`resolve-${post.id}`}
          value={open("resolve") ? attempt?.typed.url ?? "" : ""}
          errors={open("resolve") ? attempt?.errors : {}}
        />
      </Panel>
      {nextPart(post) !== null && (
        <Panel {...{ post, open }} panel="part_out" command="part-out" says="Send the rest below it">
          <Input
            type="url"
            name="url"
            label={`Where is part ${nextPart(post)}?`}
            hint="The address of that part: what is missing is sent as an answer to it."
            required
            scope={`part_out-${post.id}`}
            value={open("part_out") ? attempt?.typed.url ?? "" : ""}
            errors={open("part_out") ? attempt?.errors : {}}
          />
        </Panel>
      )}
      <Panel {...{ post, open }} panel="did_not" command="resolve" says={follows.button}>
        <input type="hidden" name="outcome" value="did_not" />
        <p>
          <b>You have looked, and it is not there.</b> {follows.says}
        </p>
      </Panel>
    </>
  );
}

export interface DoubtsProps {
  doubts: Omit<DoubtProps, "users" | "stops" | "now">[];
  users: ReadonlyMap<string, string>;
  stops: readonly Stop[];
  now: number;
}

export function Doubts({ doubts, ...shared }: DoubtsProps) {
  if (doubts.length === 0) {
    return (
      <Empty title="Nothing is in doubt">
        When a platform gives no certain answer to a post, it appears here with all that is known. It is
        looked for by itself first; nothing is ever sent again blindly.
      </Empty>
    );
  }
  return <>{doubts.map((one) => <DoubtCard {...one} {...shared} />)}</>;
}
