/** The ways to answer what somebody said, or why there is none. */
import type { Child } from "hono/jsx";
import { limitsOf, maxLengthOf } from "../../../actors/persona/platforms/limits.ts";
import type { Platform } from "../../../actors/persona/platforms/port.ts";
import { unsummoned } from "../../../actors/persona/policy/people_rules.ts";
import { SOURCES } from "../../../actors/persona/policy/sources.ts";
import { ANSWERABLE_KINDS, type InboxRead } from "../../../db/read/inbox.ts";
import { type Errors, TextArea } from "./field.tsx";
import { Opener, Post } from "./small.tsx";

/** The form of one that was refused, with what was typed and what was wrong. */
export interface AnswerAttempt {
  how: Way;
  typed: Record<string, string>;
  errors: Errors;
}

/** `brief`: the persona writes; `text`: the person does. */
export type Way = "brief" | "text";

/** An answer that was dropped before any of it went out leaves room for another. */
function isTaken({ answer }: InboxRead): boolean {
  return answer !== null && (answer.out || !["rejected", "withdrawn"].includes(answer.status));
}

/** Why nobody can answer it any more; null where the words are there. What on the platform is answered stands with them. */
export function wordsGone({ words, gone }: InboxRead): string | null {
  if (gone) return "What was said is not there any more, so it cannot be answered.";
  return words !== null && "text" in words
    ? null
    : "What was said is not kept any more, so it cannot be answered.";
}

/** Why it cannot be answered, for people; null where it can. */
export function whyNot(one: InboxRead): Child | null {
  const { kind, account, summons, personaName } = one;
  if (!isSomethingSaid(kind)) return "This is nothing that one answers.";
  if (personaName === null) return "The persona was deleted.";
  if (isTaken(one)) return "There is an answer to this already: one for each thing said is the rule.";
  const gone = wordsGone(one);
  if (gone !== null) return gone;
  if (account === null || !account.linked) return "The account to which this was said is not connected.";
  if (summons) return null;
  if (account.platform !== "x") return `${unsummoned(account.platform)}.`;
  return (
    <>
      {unsummoned(account.platform)}.{" "}
      <a class="source" href={SOURCES.xChanges} target="_blank" rel="noopener" title={SOURCES.xChanges}>
        {new URL(SOURCES.xChanges).host} ↗
      </a>
    </>
  );
}

const isSomethingSaid = (kind: InboxRead["kind"]): boolean =>
  (ANSWERABLE_KINDS as readonly string[]).includes(kind);

interface AnsweringProps {
  one: InboxRead;
  attempt?: AnswerAttempt;
}

/** The ways to answer it, below its card. */
export function Answering({ one, attempt }: AnsweringProps) {
  const { kind, account, personaName } = one;
  // The card shows the answer itself.
  if (!isSomethingSaid(kind) || personaName === null || isTaken(one)) return null;
  const refusal = whyNot(one);
  if (refusal !== null || account === null) {
    return (
      <div class="acts">
        <span class="small soft">{refusal}</span>
      </div>
    );
  }
  const { platform } = account;
  return (
    <>
      <div class="acts">
        <Opener id={`brief-${one.id}`} letter="A">Let it answer</Opener>
        <Opener id={`text-${one.id}`} letter="E">Write it yourself</Opener>
        <a
          class="btn"
          href={answerAddress(one)}
          data-key="C"
          title="Where posts are composed, with how it looks there. What you typed goes along"
        >
          {limitsOf(platform).maxReplyImages > 0 ? "With pictures or a thread" : "With a preview"}{" "}
          <kbd>C</kbd>
        </a>
      </div>
      <BriefForm {...{ one, attempt, platform }} />
      <TextForm {...{ one, attempt, platform }} />
    </>
  );
}

/** Where an answer is composed as posts are. */
const answerAddress = ({ persona, id }: InboxRead): string =>
  `/personas/${persona}/compose?answers=${encodeURIComponent(id)}`;

/** What is typed is kept under it, on the card and where it is composed: so it goes along from one to the other. */
export const keptAnswer = ({ id }: InboxRead): string => `text-${id}`;

type FormProps = AnsweringProps & { platform: Platform };

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
        data-keep={way === "text" ? keptAnswer(one) : `${way}-${one.id}`}
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
