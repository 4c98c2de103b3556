/** Erasure of what one person said, on the page of people outside: looked at first, then done. */
import type { Context } from "hono";
import { limitsOf } from "../../../actors/persona/platforms/limits.ts";
import type { Platform } from "../../../actors/persona/platforms/port.ts";
import { keepMs } from "../../../actors/persona/platforms/retention.ts";
import { userNames } from "../../../db/read/console.ts";
import { eraseAuthor, type Erasure, findAuthor, type Found, lastErasures } from "../../../db/words/erase.ts";
import { EraseSchema } from "../../api/people.ts";
import { PlatformSchema } from "../../api/schemas/fields.ts";
import { partial, pieces } from "../answers.tsx";
import { by, type Console } from "../context.tsx";
import { formOf } from "../giving.ts";
import { Check, type Errors, FormError, Input } from "../parts/field.tsx";
import { Notice, PlatformChip, plural, Post } from "../parts/small.tsx";
import { Marked } from "../parts/text.tsx";
import { Time } from "../parts/time.tsx";
import { whoWords } from "../words.ts";
import { errorsOf, filled, PlatformSelect } from "./settings_people_form.tsx";

/** How much of a hash tells two apart. */
const SHOWN_HASH = 12;
/** Posts that are linked to. */
const SHOWN_POSTS = 20;
const FIELDS = ["platform", "authorId", "handle", "reason"];

interface EraseProps {
  erasures: Erasure[];
  users: ReadonlyMap<string, string>;
  /** ms since the epoch. */
  now: number;
  typed?: Record<string, string>;
  errors?: Errors;
  /** What was found, to be confirmed. */
  found?: Found;
  /** What was erased just now. */
  done?: { text: string; found: Found };
}

export function Erase(props: EraseProps) {
  const { erasures, users, now, typed = {}, errors = {}, found, done } = props;
  return (
    <section class="panel stack" id="erase">
      <h2>Erase what a person said</h2>
      {done !== undefined && (
        <>
          <Notice tone="ok">{done.text}</Notice>
          <Staying found={done.found} />
        </>
      )}
      {found === undefined
        ? <AskForm typed={typed} errors={errors} />
        : <Confirm typed={typed} found={found} />}
      {erasures.length > 0 && (
        <details>
          <summary>Erased so far</summary>
          <ul class="lines">
            {erasures.map(({ platform, authorHash, at, by, reason, rows }) => (
              <li class="small">
                <PlatformChip platform={platform} /> {plural(rows, "text")},{" "}
                <Time at={at} zone="UTC" now={now} />, by {whoWords(by, users)}:{" "}
                <span dir="auto">
                  <Marked text={reason} />
                </span>{" "}
                <code class="faint" title={`SHA-256 of platform and account: ${authorHash}`}>
                  {authorHash.slice(0, SHOWN_HASH)}
                </code>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function AskForm({ typed, errors }: { typed: Record<string, string>; errors: Errors }) {
  return (
    <>
      <p class="small soft">
        Everything that they said to any persona goes, and every prompt and answer of the model that quotes
        it. What personas and people here wrote stays in the history, with whom it names and the address of
        what it answers. You see how much it is before anything is erased.
      </p>
      <Post action="/settings/people/erase/look" class="stack">
        <FormError errors={errors} />
        <div class="two">
          <PlatformSelect scope="erase" value={typed.platform} errors={errors} />
          <Input
            name="handle"
            label="Handle"
            scope="erase"
            value={typed.handle}
            errors={errors}
            hint="@ada. Also finds what the same account said under other handles."
            autocomplete="off"
            maxlength={300}
          />
          <Input
            name="authorId"
            label="Account"
            scope="erase"
            value={typed.authorId}
            errors={errors}
            hint="The platform's own id, where you know it."
            autocomplete="off"
            maxlength={300}
          />
          <Input
            name="reason"
            label="Reason"
            scope="erase"
            value={typed.reason}
            errors={errors}
            hint="Is kept with the record of the erasure: do not name the person."
            maxlength={2_000}
          />
        </div>
        <Check
          name="optOut"
          label="Leave this person alone from now on, too"
          hint="Without this, what they say later is kept again."
          checked={typed.optOut !== undefined}
        />
        <div class="row">
          <button class="btn">See what is kept</button>
        </div>
      </Post>
    </>
  );
}

function Confirm(
  { typed, found }: { typed: Record<string, string>; found: Found },
) {
  const { words, quoting, personas } = found;
  const { platform, ...fields } = { ...filled(typed, FIELDS), platform: typed.platform ?? "" };
  const parsed = PlatformSchema.parse(platform);
  const all = { ...fields, platform, ...(typed.optOut === undefined ? {} : { optOut: "on" }) };
  const who = typed.handle?.trim() || typed.authorId?.trim() || "";
  return (
    <div class="stack" role="group" aria-labelledby="erase-what">
      <Notice tone={words === 0 ? "" : "warn"}>
        <p id="erase-what">
          {words === 0 ? <>Nothing is kept of</> : (
            <>
              <b>{plural(words, "text")}</b> to {plural(personas, "persona")} and{" "}
              <b>
                {quoting === 0
                  ? "no prompt or answer"
                  : plural(quoting, "prompt or answer", "prompts and answers")}
              </b>{" "}
              that {quoting === 1 ? "quotes" : "quote"} them will be erased for good. They are of
            </>
          )}{" "}
          <bdi>
            <b>
              <Marked text={who} />
            </b>
          </bdi>{" "}
          on {limitsOf(parsed).label}.
        </p>
        {typed.optOut !== undefined && <p>This person is added to those who asked to be left alone.</p>}
        {authorsGoFirst(parsed) && (
          <p class="small">
            Of words whose author was removed already only the account tells whose they are: give it, or they
            go by themselves, as the table below says.
          </p>
        )}
      </Notice>
      <Staying found={found} />
      <div class="row">
        <Post action="/settings/people/erase" fields={all}>
          <button class="btn danger">
            {words === 0 ? "Record that they asked" : `Erase ${plural(words + quoting, "text")}`}
          </button>
        </Post>
        <Post action="/settings/people/erase/look" fields={{ ...all, back: "1" }}>
          <button class="btn quiet" autofocus>Back</button>
        </Post>
      </div>
    </div>
  );
}

/** What an erasure leaves, and what can be done about it. */
function Staying({ found: { ownPosts, ownPostIds } }: { found: Found }) {
  if (ownPosts === 0) return null;
  const further = ownPosts - Math.min(ownPosts, SHOWN_POSTS);
  return (
    <Notice>
      <p>
        <b>{plural(ownPosts, "post")}</b> of personas {ownPosts === 1 ? "names or answers" : "name or answer"}
        {" "}
        this person, and {ownPosts === 1 ? "stays" : "stay"}. You can delete {ownPosts === 1 ? "it" : "them"}
        {" "}
        from the platform, each on its own page; the history here keeps the text.
      </p>
      <ul class="lines small">
        {ownPostIds.slice(0, SHOWN_POSTS).map((id, index) => (
          <li>
            <a class="link" href={`/posts/${id}`}>Post {index + 1}</a>
          </li>
        ))}
      </ul>
      {further > 0 && <p class="small">And {further} more, older ones.</p>}
    </Notice>
  );
}

const authorsGoFirst = (platform: Platform): boolean =>
  keepMs(platform, "profile") < keepMs(platform, "words");

async function section(con: Console, more: Partial<EraseProps>): Promise<string> {
  const { sql } = con.program;
  const props = { erasures: await lastErasures(sql), users: await userNames(sql), now: con.now() };
  return partial("#erase", "outerHTML", <Erase {...props} {...more} />);
}

const parse = (typed: Record<string, string>) =>
  EraseSchema.safeParse({ ...filled(typed, FIELDS), optOut: typed.optOut !== undefined });

/** Says what would be erased; `back` leads to the form as it was filled in. */
export async function lookFromForm(c: Context, con: Console): Promise<Response> {
  const typed = await formOf(c);
  if (typed.back !== undefined) return pieces(c, [await section(con, { typed })]);
  const parsed = parse(typed);
  if (!parsed.success) return pieces(c, [await section(con, { typed, errors: errorsOf(parsed.error) })], 422);
  const found = await findAuthor(con.program.sql, parsed.data);
  return pieces(c, [await section(con, { typed, found })]);
}

/** `list` draws the opt-outs anew. */
export async function eraseFromForm(
  c: Context,
  con: Console,
  list: () => Promise<string>,
): Promise<Response> {
  const typed = await formOf(c);
  const parsed = parse(typed);
  if (!parsed.success) return pieces(c, [await section(con, { typed, errors: errorsOf(parsed.error) })], 422);
  const erased = await eraseAuthor(con.program.sql, {
    ...parsed.data,
    by: by(c),
    now: con.now(),
  });
  const text = `${plural(erased.words + erased.quoting, "text")} erased.` +
    (parsed.data.optOut ? " No persona writes to this person any more." : "");
  return pieces(c, [
    await section(con, { done: { text, found: erased } }),
    ...(parsed.data.optOut ? [await list()] : []),
  ]);
}
