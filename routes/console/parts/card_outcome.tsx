/** What a card says beside the text: what it answers, what rules found and where they stand, and what became of it once it was out. */
import type { Metrics } from "../../../actors/persona/platforms/port.ts";
import { limitsOf } from "../../../actors/persona/platforms/limits.ts";
import { priceOf } from "../../../actors/persona/platforms/x/prices.ts";
import { PRICES } from "../../../actors/persona/platforms/x/price_list.ts";
import type { Verdict } from "../../../actors/persona/policy/policy.ts";
import type { PostRead } from "../../../db/read/posts.ts";
import type { Removed, SaidWords } from "../../../db/read/words.ts";
import { handleWords } from "../account_words.ts";
import { money, ruleWords, STATUS_WORDS } from "../words.ts";
import type { CardProps } from "./card.tsx";
import { Open } from "./card_actions.tsx";
import { address, Panel } from "./card_panels.tsx";
import type { DoubtProps } from "./doubt.tsx";
import { Chip, count, PlatformChip, plural, Post } from "./small.tsx";
import { Foreign, Marked, webAddress } from "./text.tsx";
import { There } from "./there.tsx";
import { Time } from "./time.tsx";

/** What only some posts have. */
export interface CardMore {
  /** What it answers, as far as that is kept; absent where it answers nothing. */
  answers?: SaidWords | Removed | null;
  /** What the rules say that look beyond its persona; null where they were not asked. */
  beyond: Verdict[] | null;
  /** Posts of other personas that have to be seen together with it; `others`: that many more there are. */
  companions: { posts: PostRead[]; others: number };
  /** While it may have gone out. */
  doubt: Pick<DoubtProps, "life" | "events" | "stops"> | null;
}

/** The rule about several personas on one thing: a person may let it pass who has seen them together. */
export const COORDINATED = "coordinated";

/** What all rules say today: what was found when it was held back is replaced by what is found now. */
export function allVerdicts(post: PostRead, more: CardMore | undefined): Verdict[] {
  const beyond = more?.beyond ?? null;
  if (beyond === null) return post.verdicts;
  const asked = new Set(beyond.map(({ rule }) => rule));
  return [...post.verdicts.filter(({ rule }) => !asked.has(rule)), ...beyond];
}

/** Where a rule stands, for whoever wants to read it. */
export function RuleSource({ verdict: { source } }: { verdict: Verdict }) {
  const url = source === undefined ? null : webAddress(source);
  return url === null
    ? null
    : <a class="source" href={url.href} target="_blank" rel="noopener" title={url.href}>{url.host} ↗</a>;
}

/** The words that it answers, boxed as all words from outside are. */
export function Answers({ post, words }: { post: PostRead; words: CardMore["answers"] }) {
  if (post.answering === null) return null;
  return (
    <div class="answers">
      <p class="small soft">
        Answers a {post.answering.kind}
        {words && "text" in words && words.authorHandle !== null && (
          <>
            {" by "}
            <bdi>
              <Marked text={handleWords(post.platform, words.authorHandle)} />
            </bdi>
          </>
        )}
        {words && "text" in words && (
          <>
            {" · "}
            <a class="link" href={`/inbox#heard-${post.answering.interactionId}`}>in the inbox</a>
          </>
        )}
      </p>
      <Kept words={words ?? null} />
    </div>
  );
}

/** Words of somebody outside, or what became of them. */
export function Kept({ words }: { words: SaidWords | Removed | null }) {
  if (words === null) return <p class="faint small">Nothing is kept of the words.</p>;
  if ("removedAt" in words) {
    return (
      <p class="faint small">
        Removed on {words.removedAt.slice(0, 10)} under rule <Marked text={ruleWords(words.rule)} />.
      </p>
    );
  }
  return words.text === "" ? null : <Foreign text={words.text} />;
}

/** Other personas on the same thing, each with its text, to be judged together. */
export function Together({ more }: { more: CardMore | undefined }) {
  const { posts, others } = more?.companions ?? { posts: [], others: 0 };
  if (posts.length === 0) return null;
  return (
    <section class="together" aria-label="Posts to see together with this one">
      <p class="small">
        <b>See them together</b>{" "}
        <span class="soft">
          {plural(posts.length + others, "post")} of your other personas on the same thing within a day
          {others > 0 && `, ${posts.length} of them here`}
        </span>
      </p>
      <ul>
        {posts.map((post) => (
          <li>
            <p class="row small soft">
              <PlatformChip platform={post.platform} />
              <a class="link" href={`/posts/${post.id}`} dir="auto">
                <Marked text={post.personaName ?? "a deleted persona"} />
              </a>
              <Chip tone={STATUS_WORDS[post.status].tone}>{STATUS_WORDS[post.status].text}</Chip>
            </p>
            <p dir="auto" hx-ignore="">
              <Marked text={post.text} />
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What X charges for sending it; nothing where sending costs nothing. */
export function Price({ post }: { post: PostRead }) {
  if (post.platform !== "x" || post.content === null) return null;
  const texts = post.content.parts.slice(post.sent.length).map(({ text }) => text);
  return (
    <span
      class="price small soft"
      title={`X's price list of ${PRICES.asOf}, at most: what X takes for a link costs more`}
    >
      costs {money(priceOf(texts, post.answering !== null))}
    </span>
  );
}

const COUNTED: [keyof Metrics, string][] = [
  ["likes", "likes"],
  ["reposts", "reposts"],
  ["replies", "replies"],
  ["quotes", "quotes"],
  ["bookmarks", "bookmarks"],
  ["impressions", "impressions"],
  ["reached", "people reached"],
  ["clicks", "clicks"],
];

/** Where it is, how it does there, and whether it is being deleted. */
export function OutcomeOf({ post, persona, now }: Pick<CardProps, "post" | "persona" | "now">) {
  const { label } = limitsOf(post.platform);
  if (post.status === "deleted") {
    return (
      <p class="small soft">
        Deleted on {label},{" "}
        <Time at={post.updatedAt} zone={persona.zone} now={now} />. What was said stays in the log.
      </p>
    );
  }
  if (post.status !== "published") return null;
  return (
    <>
      <p class="row small">
        {post.sent.length > 1
          ? post.sent.map(({ url }, index) => <There url={url}>Part {index + 1}</There>)
          : post.url !== null
          ? <There url={post.url}>{post.platform === "sandbox" ? "See it in the sandbox" : "Open it"}</There>
          : <span class="soft">Where it is on {label} is not known.</span>}
        {post.removing && <Chip tone="warn">being deleted there</Chip>}
      </p>
      <Counts {...{ post, persona, now }} />
    </>
  );
}

function Counts({ post, persona, now }: Pick<CardProps, "post" | "persona" | "now">) {
  const { label } = limitsOf(post.platform);
  const { measured, measuredAt } = post;
  const at = measuredAt === null ? null : (
    <>
      {" "}Looked at <Time at={measuredAt} zone={persona.zone} now={now} />.
    </>
  );
  if (measured === null) {
    return post.sent.length === 0 ? null : (
      <p class="small soft">
        How it does is looked at an hour after it went out, and then less and less often.
      </p>
    );
  }
  switch (measured.kind) {
    case "gone":
      return <p class="small warn">It was not there any more when {label} was asked.{at}</p>;
    case "not_allowed":
      return <p class="small soft">This connection may not know how posts do on {label}.{at}</p>;
    case "counted": {
      const known = COUNTED.filter(([name]) => measured.metrics[name] !== null);
      const unknown = COUNTED.filter(([name]) => measured.metrics[name] === null);
      return (
        <div>
          <dl class="counts">
            {known.map(([name, words]) => (
              <div>
                <dd>{count(measured.metrics[name] ?? 0)}</dd>
                <dt>{words}</dt>
              </div>
            ))}
          </dl>
          <p class="small faint">
            {unknown.length > 0 && `Not counted there: ${unknown.map(([, words]) => words).join(", ")}.`}
            {at}
          </p>
        </div>
      );
    }
    default:
      return measured satisfies never;
  }
}

/** What can be done with a post that is out. */
export function OutcomeButtons({ post }: { post: PostRead }) {
  const isKnown = post.sent.length > 0;
  return (
    <>
      {isKnown && (
        <Post action={address(post, "measure")}>
          <button class="btn" data-key="L" title="Asks the platform how it does, now">
            Look now <kbd>L</kbd>
          </button>
        </Post>
      )}
      {isKnown && !post.removing && <Open post={post} panel="delete">Delete it there</Open>}
    </>
  );
}

export function OutcomePanels({ post, attempt }: CardProps) {
  if (post.status !== "published" || post.removing || post.sent.length === 0) return null;
  const { label, real } = limitsOf(post.platform);
  const parts = post.sent.length;
  return (
    <Panel
      {...{ post }}
      open={(panel) => attempt?.panel === panel}
      panel="delete"
      command="delete"
      says={`Delete it on ${label}`}
    >
      <p>
        <b>{parts > 1 ? `Its ${parts} parts are deleted on ${label}.` : `It is deleted on ${label}.`}</b>{" "}
        {real
          ? "Answers to it, and its likes, lose what they hang on; copies that others made stay. "
          : "Answers to it stay. "}
        It cannot be undone. What was said and who approved it stays in the log.
        {post.platform === "x" && ` X charges ${money(PRICES.microUsd.deletion * parts)} for it.`}
      </p>
    </Panel>
  );
}
