/** What the pages for composing ask for: the page itself, counters and previews while somebody types, splits, pictures, and sending. */
import type { Context, Hono } from "hono";
import type { PersonaCommand } from "../../../actors/persona/commands.ts";
import { limitsOf } from "../../../actors/persona/platforms/limits.ts";
import { editorText, partsOf } from "../../../actors/persona/platforms/text/join.ts";
import { type ConnectionRead, linkedConnections } from "../../../db/read/connections.ts";
import { getHeard, type InboxRead } from "../../../db/read/inbox.ts";
import { getPersona, type PersonaRead } from "../../../db/read/personas.ts";
import { getPost } from "../../../db/read/posts.ts";
import type { Sql } from "../../../db/sql.ts";
import { commandSchemas } from "../../api/schemas/command.ts";
import { route } from "../../route.ts";
import { go, partial, pieces } from "../answers.tsx";
import { type Console, page } from "../context.tsx";
import { formOf, give } from "../giving.ts";
import { whyLeftAlone } from "../left_alone.ts";
import { missing } from "../pages/missing.tsx";
import { answerTo, readAccountLook } from "./account.ts";
import { type Draft, draftOf, type DraftPlace, type Fields } from "./draft.ts";
import { addEditing } from "./edit.tsx";
import { look } from "./looked.ts";
import { Counters, Fit, piece } from "./measured.tsx";
import { ComposePage } from "./page.tsx";
import { attached, keptPictures, typedParts, undescribed } from "./pictures.ts";
import { PreviewOf } from "./preview.tsx";
import { splitText } from "./split_text.ts";
import { addPictureUpload } from "./upload.ts";

const at = "/personas/:personaId/compose";

export function addCompose(app: Hono, con: Console): void {
  route(app, "GET", at, "persona.read", (c) =>
    page(c, con, async (sql) => {
      const persona = await getPersona(sql, c.req.param("personaId") ?? "");
      if (persona === null) return await missing(c, con, "persona");
      const linked = (await linkedConnections(sql, [persona.id])).get(persona.id) ?? [];
      const asked = c.req.query("answers");
      const answered = asked === undefined ? null : await getHeard(sql, persona.id, asked);
      if (asked !== undefined && answered === null) return await missing(c, con, "said");
      const accounts = placesFor(linked, answered);
      return {
        title: `${answered === null ? "New post" : "Answer"} of ${persona.name}`,
        place: answered === null ? "persona" : "inbox",
        personaId: persona.id,
        body: (
          <ComposePage
            {...{ persona, accounts, answered }}
            now={con.now()}
            newId={() => crypto.randomUUID()}
          />
        ),
      };
    }));
  route(app, "POST", at, "persona.command", (c) => withDraft(c, con, send));
  route(app, "POST", `${at}/measure`, "persona.read", (c) => withDraft(c, con, measure));
  route(app, "POST", `${at}/split`, "persona.read", (c) => withDraft(c, con, split));
  addPictureUpload(app, con);
  addEditing(app, con);
}

interface Given {
  c: Context;
  con: Console;
  persona: PersonaRead;
  fields: Fields;
  draft: Draft;
  /** What it answers; null for a post of its own. */
  answered: InboxRead | null;
}

/** What was said to one account is answered by it alone. */
function placesFor(linked: ConnectionRead[], answered: InboxRead | null): ConnectionRead[] {
  return answered === null ? linked : linked.filter(({ id }) => id === answered.account?.connectionId);
}

async function withDraft(
  c: Context,
  con: Console,
  act: (given: Given) => Promise<Response>,
): Promise<Response> {
  const { sql } = con.program;
  const fields = await formOf(c);
  const persona = await getPersona(sql, c.req.param("personaId") ?? "");
  if (persona === null) return await missing(c, con, "persona");
  const answered = fields.answers === undefined ? null : await getHeard(sql, persona.id, fields.answers);
  if (fields.answers !== undefined && answered === null) return await missing(c, con, "said");
  const linked = (await linkedConnections(sql, [persona.id])).get(persona.id) ?? [];
  const draft = draftOf(fields, placesFor(linked, answered));
  return await act({ c, con, persona, fields, draft, answered });
}

/** One place as it would go out now; a picture that is not there is a problem among others. */
async function lookAt({ con, persona, draft, answered }: Given, place: DraftPlace) {
  const pictures = draft.pictures ?? [];
  const kept = await keptPictures(con.program.sql, persona.id, pictures);
  const found = attached(pictures, kept, place.platform, partsOf(place.text).length);
  const media = "media" in found ? found.media : [];
  const looked = await look({ place, text: place.text, media, isReply: answered !== null });
  const problems = "media" in found ? looked.problems : [...looked.problems, found.trouble.message];
  return { ...looked, problems, media };
}

async function measure(given: Given): Promise<Response> {
  const { c, con, persona, draft, answered } = given;
  const drawn: string[] = [];
  for (const place of draft.places.filter(({ isChosen }) => isChosen)) {
    const looked = await lookAt(given, place);
    const { connectionId, platform } = place;
    const account = await readAccountLook(con.program.sql, place);
    const isVariant = place.isVariant && place.text !== draft.text;
    drawn.push(
      piece(`fit-${connectionId}`, <Fit looked={looked} />),
      piece(
        `measured-${connectionId}`,
        <Counters {...{ platform, looked, isVariant }} place={connectionId} />,
      ),
      piece(
        `preview-${connectionId}`,
        <PreviewOf
          platform={platform}
          content={{ parts: looked.parts, language: persona.identity.language }}
          answers={answered && answerTo(answered.words)}
          account={{ ...account, personaId: persona.id }}
          over={looked.over}
        />,
      ),
    );
  }
  return c.html(drawn.join("\n"));
}

/** Which field gets which text; where several places are chosen, only the one that is too long is changed. */
async function split({ c, draft, fields, persona }: Given): Promise<Response> {
  const place = draft.places.find(({ connectionId }) => connectionId === fields.place);
  if (place === undefined) return c.json({ message: "This account is not connected any more." }, 404);
  const text = await splitText(place.platform, place.text, fields, persona.identity.language);
  const own = draft.places.filter(({ isChosen }) => isChosen).length > 1;
  const { connectionId } = place;
  return c.json({
    text,
    field: own ? `text-${connectionId}` : "text",
    variant: own ? `variant-${connectionId}` : null,
  });
}

type NewPost = Extract<PersonaCommand, { type: "compose" | "write" | "reply" }>;

/** A sentence, and where the cursor goes: the name of a field, or `alt 2`. */
interface Trouble {
  message: string;
  at: string;
}

async function send(given: Given): Promise<Response> {
  const { c, con, persona, draft, answered } = given;
  const leftAlone = answered && await whyLeftAlone(con.program.sql, answered);
  if (leftAlone !== null) return refused(c, { message: leftAlone, at: "text" });
  const chosen = draft.places.filter(({ isChosen }) => isChosen);
  const checked = await check(given, chosen);
  if ("at" in checked) return refused(c, checked);
  const done: string[] = [];
  for (const [index, command] of checked.commands.entries()) {
    const { label } = limitsOf(chosen[index]?.platform ?? "sandbox");
    const answer = await give(c, con, persona.id, command);
    if (!answer.ok) {
      // Of an answer that is there already, the answer is told before its id.
      const isThere = ["exists", "already_answered"].includes(answer.code) &&
        await isSent(con.program.sql, command);
      if (!isThere) {
        const message = answer.code === "exists"
          ? "this form was sent before with another text. Untick the account, or open the page anew for another post."
          : answer.message;
        const before = done.length === 0 ? "" : ` It waits for review already for ${done.join(", ")}.`;
        return refused(c, { message: `${label}: ${message}${before}`, at: "text" }, answer.status);
      }
    }
    done.push(label);
  }
  return go(c, answered === null ? `/personas/${persona.id}` : `/inbox#heard-${answered.id}`);
}

/** Whether the post of this form is there, with these words: it was sent before, and its answer was lost. */
async function isSent(sql: Sql, command: NewPost): Promise<boolean> {
  const post = await getPost(sql, command.postId ?? "");
  if (command.type === "compose") return post?.brief === command.brief;
  const texts = (parts: { text: string }[]) => editorText(parts.map(({ text }) => text));
  return post !== null && post.content !== null && texts(post.content.parts) === texts(command.parts ?? []);
}

function refused(c: Context, { message, at }: Trouble, status: 409 | 422 | 429 | 503 = 422): Response {
  const said = <p class="notice bad" role="alert" data-focus-on={at}>{message}</p>;
  return pieces(c, [partial("#compose-trouble", "innerHTML", said)], status);
}

/** All that can be known before anything is sent is looked at first, so that either all of it is sent or nothing. */
async function check(
  given: Given,
  chosen: DraftPlace[],
): Promise<{ commands: NewPost[] } | Trouble> {
  const { con, draft, answered } = given;
  const { mode, brief, pictures, setId } = draft;
  const [first] = draft.places;
  if (answered !== null && chosen.length === 0) {
    return { message: "The account to which this was said is not connected.", at: "text" };
  }
  if (chosen.length === 0) {
    return { message: "Choose at least one account.", at: first ? `to-${first.connectionId}` : "text" };
  }
  const set = chosen.length > 1 ? { setId } : {};
  const commands: NewPost[] = [];
  for (const place of chosen) {
    const { platform, connectionId, postId } = place;
    const to = { platform, connectionId, postId, ...set };
    if (mode === "brief" && answered === null) {
      if (brief.trim() === "") return { message: "Say what it is about.", at: "brief" };
      const parsed = commandSchemas.compose.safeParse({ type: "compose", ...to, brief });
      if (!parsed.success) return { message: `The brief ${parsed.error.issues[0]?.message}.`, at: "brief" };
      commands.push(parsed.data);
      continue;
    }
    const at = place.isVariant ? `text-${connectionId}` : "text";
    const { label } = limitsOf(platform);
    const named = draft.places.length > 1 ? `${label}: ` : "";
    if (place.text.trim() === "") return { message: `${named}Write a text first.`, at };
    if (pictures === null) return { message: "The pictures could not be read: add them again.", at };
    const bare = con.program.settings.requireAltText ? undescribed(pictures) : null;
    if (bare !== null) return { message: bare.message, at: `alt ${bare.picture + 1}` };
    const looked = await lookAt(given, place);
    const [problem] = looked.problems;
    if (problem !== undefined) return { message: named + problem, at };
    const parts = typedParts(looked.parts.map(({ text }) => text), looked.media);
    const parsed = answered === null
      ? commandSchemas.write.safeParse({ type: "write", ...to, parts })
      : commandSchemas.reply.safeParse({ type: "reply", interactionId: answered.id, postId, parts });
    if (!parsed.success) return { message: `${named}The text ${parsed.error.issues[0]?.message}.`, at };
    commands.push(parsed.data);
  }
  return { commands };
}
