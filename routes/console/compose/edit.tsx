/** Changing a post that is there: counters and preview while somebody types, and saving. */
import type { Context, Hono } from "hono";
import type { PersonaCommand } from "../../../actors/persona/commands.ts";
import { partsOf } from "../../../actors/persona/platforms/text/join.ts";
import { getPersona } from "../../../db/read/personas.ts";
import { getPost, type PostRead } from "../../../db/read/posts.ts";
import { commandSchemas } from "../../api/schemas/command.ts";
import { route } from "../../route.ts";
import { flash, pieces } from "../answers.tsx";
import type { Console } from "../context.tsx";
import { formOf, give } from "../giving.ts";
import { cardPart, gone } from "../post_commands.tsx";
import { readAccountLook, readAnswerTo } from "./account.ts";
import type { Fields } from "./draft.ts";
import { lockedParts } from "./edit_fields.tsx";
import { look } from "./looked.ts";
import { Counters, piece } from "./measured.tsx";
import {
  attached,
  keptPictures,
  type Picture,
  picturesOf,
  picturesOfParts,
  typedParts,
  undescribed,
} from "./pictures.ts";
import { PreviewOf } from "./preview.tsx";
import { splitText } from "./split_text.ts";

const at = "/personas/:personaId/posts/:postId";

export function addEditing(app: Hono, con: Console): void {
  route(app, "POST", `${at}/revise`, "persona.command", (c) => withPost(c, con, revise));
  route(app, "POST", `${at}/edit/measure`, "persona.read", (c) => withPost(c, con, measure));
  route(app, "POST", `${at}/edit/split`, "persona.read", (c) => withPost(c, con, split));
}

interface Given {
  c: Context;
  con: Console;
  post: PostRead;
  fields: Fields;
  text: string;
  /** Of the parts that can be changed. */
  pictures: Picture[] | null;
  /** How many cannot. */
  locked: number;
}

async function withPost(
  c: Context,
  con: Console,
  act: (given: Given) => Promise<Response>,
): Promise<Response> {
  const fields = await formOf(c);
  const post = await getPost(con.program.sql, c.req.param("postId") ?? "");
  if (post === null || post.persona !== c.req.param("personaId")) return gone(c);
  const locked = lockedParts(post);
  const pictures = "pictures" in fields
    ? picturesOf(fields.pictures)
    : picturesOfParts(post.platform, post.content?.parts ?? [], locked);
  return await act({ c, con, post, fields, text: fields.text ?? "", pictures, locked });
}

async function attach({ con, post, text, pictures }: Given) {
  const kept = await keptPictures(con.program.sql, post.persona, pictures ?? []);
  return attached(pictures ?? [], kept, post.platform, partsOf(text).length);
}

async function measure(given: Given): Promise<Response> {
  const { c, con, post, text, locked } = given;
  const found = await attach(given);
  const { connectionId = "", accountId = "", handle = "" } = post.account ?? {};
  const place = { connectionId, platform: post.platform, accountId, handle };
  const looked = await look({
    place,
    text,
    media: "media" in found ? found.media : [],
    isReply: post.answering !== null,
    before: locked,
  });
  const account = await readAccountLook(con.program.sql, place);
  return c.html([
    piece(
      `measured-${post.id}`,
      <Counters platform={post.platform} looked={looked} place={post.id} first={locked + 1} />,
    ),
    piece(
      `preview-${post.id}`,
      <PreviewOf
        platform={post.platform}
        content={{ parts: looked.parts, language: post.content?.language }}
        answers={await readAnswerTo(con.program.sql, post)}
        account={{ ...account, personaId: post.persona }}
        over={looked.over}
      />,
    ),
  ].join("\n"));
}

async function split({ c, con, post, fields, text }: Given): Promise<Response> {
  const language = (await getPersona(con.program.sql, post.persona))?.identity.language ?? "en";
  return c.json({
    text: await splitText(post.platform, text, fields, language),
    field: "text",
    variant: null,
  });
}

type Checked = { command: PersonaCommand } | { message: string; field: string };

async function revise(given: Given): Promise<Response> {
  const { c, con, post, fields } = given;
  const checked = await check(given);
  const answer = "command" in checked
    ? await give(c, con, post.persona, checked.command)
    : { ok: false as const, status: 422 as const, ...checked };
  const now = await getPost(con.program.sql, post.id);
  if (now === null) return gone(c);
  if (answer.ok) return pieces(c, [await cardPart(c, con, now), flash("Saved.")]);
  const isText = answer.field === "text" || answer.field === "parts";
  const field = isText ? "text" : answer.field?.startsWith("alt ") ? answer.field : "form";
  const attempt = { panel: "edit" as const, typed: fields, errors: { [field]: answer.message } };
  return pieces(c, [await cardPart(c, con, now, attempt), flash(answer.message, "bad")], answer.status);
}

async function check(given: Given): Promise<Checked> {
  const { con, post, text, pictures, locked } = given;
  if (pictures === null) return { message: "The pictures could not be read: add them again.", field: "form" };
  const bare = con.program.settings.requireAltText ? undescribed(pictures) : null;
  if (bare !== null) return { message: bare.message, field: `alt ${bare.picture + 1}` };
  const found = await attach(given);
  if ("trouble" in found) return { message: found.trouble.message, field: "form" };
  const out = (post.content?.parts ?? []).slice(0, locked);
  const parts = typedParts(
    [...out.map((part) => part.text), ...partsOf(text)],
    [...out.map((part) => part.media ?? []), ...found.media],
  );
  const parsed = commandSchemas.revise.safeParse({ type: "revise", postId: post.id, parts });
  if (parsed.success) return { command: parsed.data };
  const [issue] = parsed.error.issues;
  const which = parts.length > 1 && typeof issue?.path[1] === "number"
    ? `Part ${issue.path[1] + 1}`
    : "The text";
  return { message: `${which} ${issue?.message ?? "is not right"}.`, field: "text" };
}
