/** `/personas/:id/compose`: a new post for one or several accounts, or with `answers` an answer to what was said to one. */
import { limitsOf } from "../../../actors/persona/platforms/limits.ts";
import { PRICES } from "../../../actors/persona/platforms/x/price_list.ts";
import type { ConnectionRead } from "../../../db/read/connections.ts";
import type { InboxRead } from "../../../db/read/inbox.ts";
import type { PersonaRead } from "../../../db/read/personas.ts";
import { handleWords } from "../account_words.ts";
import { keptAnswer, whyNot } from "../parts/answering.tsx";
import { TextArea } from "../parts/field.tsx";
import { Answered } from "../parts/heard.tsx";
import { Chip, Empty, Face, Notice, PlatformChip, Post } from "../parts/small.tsx";
import { Marked } from "../parts/text.tsx";
import { money } from "../words.ts";
import { partsHint, PicturesField } from "./editor.tsx";

interface ComposeProps {
  persona: PersonaRead;
  /** Of an answer: the one to which it was said, if it is still linked. */
  accounts: ConnectionRead[];
  /** What it answers; null for a post of its own. */
  answered: InboxRead | null;
  /** ms since the epoch. */
  now: number;
  /** Ids are made here: one for the set, one for the post of each account. */
  newId(): string;
}

export function ComposePage(props: ComposeProps) {
  const { persona, accounts, answered, now } = props;
  const refusal = answered === null ? null : whyNot(answered);
  return (
    <>
      <div class="page-head">
        <Face name={persona.name} />
        <div>
          <h1>{answered === null ? "New post" : "Answer"}</h1>
          <p class="small soft">
            of{" "}
            <a class="link" href={`/personas/${persona.id}`} dir="auto">
              <Marked text={persona.name} />
            </a>
          </p>
        </div>
      </div>
      {answered !== null && refusal !== null
        ? (
          <div class="stack">
            <Answered one={answered} now={now} />
            <Notice>{refusal}</Notice>
          </div>
        )
        : accounts.length === 0
        ? (
          <Empty title="There is no account to post to">
            <p>
              <a class="link" href={`/personas/${persona.id}/connections`}>Connect one</a>: the sandbox needs
              nothing.
            </p>
          </Empty>
        )
        : <Form {...props} />}
    </>
  );
}

function Form({ persona, accounts, answered, now, newId }: ComposeProps) {
  const at = `/personas/${persona.id}/compose`;
  const platforms = accounts.map(({ platform }) => platform);
  const several = accounts.length > 1;
  const [first] = accounts;
  return (
    <Post
      action={at}
      class={answered === null ? "compose" : "compose answer"}
      id="compose"
      data-keep={answered === null ? `compose-${persona.id}` : keptAnswer(answered)}
      data-editor={at}
    >
      <section class="stack" aria-label="What it says">
        <div id="compose-trouble"></div>
        {answered === null
          ? <WhereAndWho {...{ persona, accounts, newId }} />
          : <WhatItAnswers {...{ answered, now, accounts, newId }} />}
        <div class="by-hand stack">
          <TextArea
            name="text"
            label={answered === null ? "Text" : "Your answer"}
            class="big"
            rows={8}
            scope="compose"
            hint={partsHint(platforms)}
          />
          <PicturesField personaId={persona.id} platforms={platforms} value="" isReply={answered !== null} />
        </div>
        <div class="compose-send">
          <button class="btn go">
            <span class="by-hand">Send for review</span>
            {answered === null && <span class="by-brief">Ask for a draft</span>} <kbd>Ctrl ↵</kbd>
          </button>
          <span class="small soft">
            {several ? "One post for each account" : "It"} waits for review; nothing goes out before that.
          </span>
        </div>
      </section>
      <section class="places by-hand" aria-label="How it looks">
        {accounts.map((account) => (
          <PlaceOf account={account} isShown={account.id === first?.id} several={several} />
        ))}
      </section>
    </Post>
  );
}

/** One account and the person's own words: what is answered says so. */
function WhatItAnswers(
  { answered, now, accounts, newId }: Pick<ComposeProps, "accounts" | "now" | "newId"> & {
    answered: InboxRead;
  },
) {
  return (
    <>
      <input type="hidden" name="answers" value={answered.id} />
      <input type="hidden" name="mode" value="own" />
      {accounts.map(({ id }) => (
        <>
          <input type="hidden" name={`to-${id}`} data-to={id} value="on" />
          <input type="hidden" name={`post-${id}`} value={newId()} />
        </>
      ))}
      <Answered one={answered} now={now} />
    </>
  );
}

/** The accounts that it is for, and whether the person or the writer writes it. */
function WhereAndWho({ persona, accounts, newId }: Pick<ComposeProps, "persona" | "accounts" | "newId">) {
  const [first] = accounts;
  return (
    <>
      <input type="hidden" name="set" value={newId()} />
      <fieldset class="field">
        <legend>Where</legend>
        <div class="row accounts">
          {accounts.map(({ id, platform, handle, health }) => (
            <label class={limitsOf(platform).real ? "pick" : "pick sandbox"}>
              <input type="checkbox" name={`to-${id}`} data-to={id} checked={id === first?.id} />
              <b>{limitsOf(platform).label}</b>
              <bdi class="soft truncate">
                <Marked text={handleWords(platform, handle)} />
              </bdi>
              <span class="fit by-hand" id={`fit-${id}`}></span>
              {health === "lost" && <Chip tone="bad">needs attention: it waits</Chip>}
              <input type="hidden" name={`post-${id}`} value={newId()} />
            </label>
          ))}
        </div>
      </fieldset>
      <fieldset class="segments">
        <legend class="sr">Who writes it</legend>
        <label>
          <input type="radio" name="mode" value="own" checked />Write it myself
        </label>
        <label>
          <input type="radio" name="mode" value="brief" />Let <Marked text={persona.name} /> write it
        </label>
      </fieldset>
      <div class="by-brief stack">
        <TextArea
          name="brief"
          label="What is it about?"
          rows={4}
          scope="compose"
          hint="The writer makes a draft for each account, in the persona's voice."
        />
        {accounts.some(({ platform }) => platform === "x") && (
          <p class="small soft">
            X charges {money(PRICES.microUsd.post)} for a post, {money(PRICES.microUsd.postWithLink)}{" "}
            for one with a link, once it goes out.
          </p>
        )}
      </div>
    </>
  );
}

/** One account: counters, its own text where it has one, and how it looks there. */
function PlaceOf({ account, isShown, several }: {
  account: ConnectionRead;
  isShown: boolean;
  several: boolean;
}) {
  const { id, platform } = account;
  const { label } = limitsOf(platform);
  return (
    <article class="place" data-place={id} hidden={!isShown} aria-label={label}>
      <div class="row place-head">
        <PlatformChip platform={platform} />
        {several && (
          <label class="check small end" data-variant-switch="">
            <input type="checkbox" name={`variant-${id}`} data-variant={id} />
            <span>Another text for {label}</span>
          </label>
        )}
      </div>
      <div id={`measured-${id}`} aria-live="polite"></div>
      {several && (
        <div class="variant">
          <TextArea
            name={`text-${id}`}
            label={`Only for ${label}`}
            rows={5}
            scope="compose"
            hint="Untick “Another text” to take the text for all again."
          />
        </div>
      )}
      <div id={`preview-${id}`}></div>
    </article>
  );
}
