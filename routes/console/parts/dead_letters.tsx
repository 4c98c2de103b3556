/** Commands that failed twice: what was asked, by whom, what went wrong, and what can be done. */
import type { Command, CommandType } from "../../../actors/persona/commands.ts";
import { canBeRetried } from "../../../actors/persona/decide/dead_letters.ts";
import type { DeadLetterRead } from "../../../db/read/dead_letters.ts";
import { commandWords, whoWords } from "../words.ts";
import { Chip, plural, Post } from "./small.tsx";
import { Foreign, Marked } from "./text.tsx";
import { Time } from "./time.tsx";

/** Characters of a command that are shown. */
const MAX_SHOWN = 4_000;

export interface DeadLetterProps {
  letter: DeadLetterRead;
  /** Of its persona. */
  zone: string;
  users: ReadonlyMap<string, string>;
  now: number;
  /** On lists over several personas: says whose it is. */
  named: boolean;
  /** Why the last press of a button did nothing. */
  refused?: string;
}

export function DeadLetterCard({ letter, zone, users, now, named, refused }: DeadLetterProps) {
  const { id, persona, personaName, type, command, status } = letter;
  const postId = postOf(command);
  return (
    <article
      class={status === "open" ? "card" : "card settled"}
      id={`letter-${cssId(id)}`}
      tabindex={0}
      data-card=""
      aria-label={`Failed twice: ${commandWords(type)}`}
    >
      <div class="meta">
        <Chip tone={status === "open" ? "bad" : ""}>{STATUS[status]}</Chip>
        {named && (
          personaName === null
            ? <span>no persona yet</span>
            : (
              <a class="link" href={`/personas/${persona}`} dir="auto">
                <Marked text={personaName} />
              </a>
            )
        )}
        <span>
          asked by <Marked text={whoWords(letter.by, users)} />
        </span>
        <span>
          · <Time at={letter.at} zone={zone} now={now} />
        </span>
        <span class="count" title="Times that it made the persona stop">
          {plural(letter.crashes, "crash", "crashes")}
        </span>
      </div>
      <div class="body">
        {refused !== undefined && <div class="notice bad" role="alert">{refused}</div>}
        <p>
          <b>{sentence(commandWords(type))}</b>{" "}
          {postId !== null && <a class="link" href={`/posts/${postId}`}>the post</a>}
        </p>
        <Foreign text={letter.reason === "" ? "It gave no reason." : letter.reason} mono />
        {status === "open" && (
          <p class="soft small">{CONSEQUENCE[type] ?? "It was not done."} {hint(letter)}</p>
        )}
        {command !== null && (
          <details class="fold">
            <summary>What was asked</summary>
            <Foreign text={shown(command)} mono />
          </details>
        )}
      </div>
      {status === "open" && (
        <div class="acts">
          {command !== null && canBeRetried(type) && (
            <Post action={address(letter, "retry")}>
              <button class="btn go" data-key="T">
                Try again <kbd>T</kbd>
              </button>
            </Post>
          )}
          <Post action={address(letter, "drop")}>
            <button class="btn" data-key="D">
              Drop <kbd>D</kbd>
            </button>
          </Post>
        </div>
      )}
    </article>
  );
}

export interface DeadLettersProps {
  letters: DeadLetterRead[];
  /** There are more than these. */
  more: boolean;
  /** Name and zone by persona. */
  personas: ReadonlyMap<string, { name: string; zone: string }>;
  users: ReadonlyMap<string, string>;
  now: number;
  named: boolean;
}

export function DeadLetterCards({ letters, personas, ...rest }: DeadLettersProps) {
  return (
    <>
      {letters.map((letter) => (
        <DeadLetterCard letter={letter} zone={personas.get(letter.persona)?.zone ?? "UTC"} {...rest} />
      ))}
    </>
  );
}

/** Those that are open, above what else waits for a person; nothing where there is none. `allAt` leads to all of them. */
export function OpenDeadLetters({ allAt, ...props }: DeadLettersProps & { allAt: string }) {
  const { letters, more } = props;
  if (letters.length === 0) return null;
  return (
    <>
      <div class="head" id="letters-head">
        <h2>{letters.length === 1 && !more ? "A command failed twice" : "Commands that failed twice"}</h2>
        <span>{letters.length}{more ? " and more" : ""}</span>
        <a href={allAt}>All that ever did</a>
      </div>
      <DeadLetterCards {...props} />
    </>
  );
}

const STATUS: Record<DeadLetterRead["status"], string> = {
  open: "command failed twice",
  retried: "tried again",
  dropped: "dropped",
};

/** What became of the thing when its command was put aside. */
const CONSEQUENCE: Partial<Record<CommandType, string>> = {
  begin_writing: "The draft counts as not written: ask for it again.",
  written: "The draft counts as not written. Trying again takes in the text that was written.",
  prepared: "Links and mentions are looked up again in an hour. Trying again takes in those that were found.",
  not_prepared: "Links and mentions are looked up again in an hour.",
  begin_attempt: "The post was not sent: it waits for review again.",
  outcome: "The post may have gone out: it is being looked for. Trying again takes in what is known of it.",
  reconciled:
    "Nobody knows whether the post went out, and it is not looked for any more: say what you see, or try again.",
  go_out: "The post did not go out at its time: it is still approved.",
  expire: "The approval has ended.",
  lost: "The account needs attention: connect it again.",
  polled:
    "Mentions and replies are not looked for until an hour later. Trying again takes these in; dropping passes them over.",
  link: "The account was not connected: connect it again.",
  unlink: "The account is still connected: disconnect it again.",
};

function hint({ command, type }: DeadLetterRead): string {
  if (command === null) return "What was asked was not kept: it cannot be tried again.";
  return canBeRetried(type) ? "Nothing is lost while it waits here." : "There is nothing left to try again.";
}

function postOf(command: Command | null): string | null {
  return command !== null && "postId" in command && command.postId !== undefined && ID.test(command.postId)
    ? command.postId
    : null;
}

const ID = /^[\w-]{1,64}$/;

function shown(command: Command): string {
  const text = JSON.stringify(command, null, 2);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

function address({ persona, id }: DeadLetterRead, what: "retry" | "drop"): string {
  return `/personas/${persona}/dead-letters/${encodeURIComponent(id)}/${what}`;
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** Ids are hex; anything else must not break out of a selector. */
export function cssId(id: string): string {
  return id.replace(/[^A-Za-z0-9_-]/g, "");
}
