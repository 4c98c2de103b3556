/** What the forms of connecting do: check what was typed, then link, offer, or send the person to the platform. */
import type { Context, Hono } from "hono";
import { getPersona, type PersonaRead } from "../../../db/read/personas.ts";
import { ConnectSchema, StandingSchema } from "../../api/schemas/connect.ts";
import { sessionOf } from "../../access/middleware.ts";
import { callbackAddress, confirmPath } from "../../oauth/callback.ts";
import type { LinkRefused, Standing } from "../../program.ts";
import { route } from "../../route.ts";
import { flash, go, partial, pieces } from "../answers.tsx";
import { by, type Console } from "../context.tsx";
import { formOf } from "../giving.ts";
import type { Errors } from "../parts/field.tsx";
import { ConnectForm, formId, type RealPlatform } from "./connections_forms.tsx";
import { missing } from "./missing.tsx";

export function addConnecting(app: Hono, con: Console): void {
  const at = "/personas/:personaId/connections";
  route(app, "POST", `${at}/bluesky`, "persona.connect", (c) => posted(c, con, "bluesky", linkBluesky));
  route(app, "POST", `${at}/x`, "persona.connect", (c) => posted(c, con, "x", connectX));
  route(app, "POST", `${at}/linkedin`, "persona.connect", (c) => posted(c, con, "linkedin", askLeave));
}

interface Posted {
  c: Context;
  con: Console;
  persona: PersonaRead;
  platform: RealPlatform;
  fields: Record<string, string>;
  standing: Standing;
}

type Went = { kind: "went"; to: string } | LinkRefused;

/** Never shown again, whatever went wrong. */
const SECRET = new Set([
  "password",
  "clientSecret",
  "consumerKey",
  "consumerSecret",
  "accessToken",
  "accessSecret",
]);

/** The first step is the same everywhere; `next` goes on from there. What went wrong stands in the form, beside what was typed. */
async function posted(
  c: Context,
  con: Console,
  platform: RealPlatform,
  next: (posted: Posted) => Promise<Went>,
): Promise<Response> {
  const persona = await getPersona(con.program.sql, c.req.param("personaId") ?? "");
  if (persona === null) return await missing(c, con, "persona");
  const fields = await formOf(c);
  const standing = standingOf(fields);
  const went = "message" in standing ? standing : await next({ c, con, persona, platform, fields, standing });
  if (went.kind === "went") return go(c, went.to);
  return again(c, con, persona, platform, fields, went);
}

function again(
  c: Context,
  con: Console,
  persona: PersonaRead,
  platform: RealPlatform,
  fields: Record<string, string>,
  { code, message, field }: LinkRefused,
): Response {
  const typed = Object.fromEntries(Object.entries(fields).filter(([name]) => !SECRET.has(name)));
  const known = ["disclose", "kind", "keys", "replace", "as", ...Object.keys(fields)];
  const errors: Errors = { [field !== undefined && known.includes(field) ? field : "form"]: message };
  const existing = persona.connections.some((one) => one.platform === platform);
  const ofApp = platform === "bluesky"
    ? {}
    : { callback: callbackAddress(c, platform), app: con.program.connections.apps()[platform] };
  return pieces(c, [
    partial(
      `#${formId(platform)}`,
      "outerHTML",
      <ConnectForm
        platform={platform}
        persona={persona}
        typed={{ ...typed, disclose: fields.disclose === undefined ? "no" : "on" }}
        errors={errors}
        again={existing}
        {...ofApp}
      />,
    ),
    flash(message, "bad"),
  ], code === "overloaded" ? 429 : code === "unavailable" ? 503 : 422);
}

function standingOf(fields: Record<string, string>): Standing | LinkRefused {
  const operatedBy = (fields.operatedBy ?? "").trim();
  if (operatedBy === "") return no("operatedBy", "Name who runs this persona.");
  if (fields.disclose === undefined) {
    return no("disclose", "A real account has to say that a machine writes there.");
  }
  const parsed = StandingSchema.safeParse({
    operatedBy,
    ...(fields.kind === undefined ? {} : { kind: fields.kind }),
  });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = issue?.path.map(String)[0] ?? "form";
    return no(field, `This ${issue?.message ?? "is not right"}.`);
  }
  const { kind } = parsed.data;
  return { operatedBy, disclose: true, ...(kind === undefined ? {} : { kind }) };
}

async function linkBluesky({ c, con, persona, fields, standing }: Posted): Promise<Went> {
  const parsed = ConnectSchema.safeParse({
    platform: "bluesky",
    identifier: (fields.identifier ?? "").trim().replace(/^@/, ""),
    password: (fields.password ?? "").trim(),
    ...((fields.service ?? "").trim() === "" ? {} : { service: fields.service?.trim() }),
    ...(fields.replace === undefined ? {} : { replace: true }),
  });
  if (!parsed.success || parsed.data.platform !== "bluesky") {
    const issue = parsed.error?.issues[0];
    const field = issue?.path.map(String)[0] ?? "form";
    const names: Record<string, string> = {
      identifier: "The handle or DID",
      password: "The app password",
      service: "The server",
    };
    return no(field, `${names[field] ?? "This"} ${issue?.message ?? "is not right"}.`);
  }
  const { platform: _platform, ...credentials } = parsed.data;
  const answer = await con.program.connections.linkBluesky(persona.id, by(c), {
    ...credentials,
    ...standing,
  });
  return answer.kind === "linked" ? { kind: "went", to: `/personas/${persona.id}/connections` } : answer;
}

/** By four keys where any was given, or else by leave. */
async function connectX(posted: Posted): Promise<Went> {
  const { c, con, persona, fields, standing } = posted;
  const keys = {
    consumerKey: fields.consumerKey ?? "",
    consumerSecret: fields.consumerSecret ?? "",
    accessToken: fields.accessToken ?? "",
    accessSecret: fields.accessSecret ?? "",
  };
  if (fields.way !== "keys" && Object.values(keys).every((key) => key.trim() === "")) {
    return await askLeave(posted);
  }
  const session = sessionOf(c);
  if (session === null) return sessionMissing;
  const answer = await con.program.connections.offerX(by(c), {
    personaId: persona.id,
    sessionKey: session.key,
    standing,
    keys,
  });
  return answer.kind === "offered" ? { kind: "went", to: confirmPath(persona.id, answer.offerId) } : answer;
}

async function askLeave({ c, con, persona, platform, fields, standing }: Posted): Promise<Went> {
  if (platform === "bluesky") throw new Error("On Bluesky nobody is sent away for leave.");
  const session = sessionOf(c);
  if (session === null) return sessionMissing;
  const redirectUri = callbackAddress(c, platform);
  if (redirectUri === null) return no("form", "The address that you use is not known: set PUBLIC_URL.");
  const answer = await con.program.connections.askLeave(by(c), {
    personaId: persona.id,
    platform,
    sessionKey: session.key,
    standing,
    app: { clientId: tidy(fields.clientId), clientSecret: tidy(fields.clientSecret) },
    redirectUri,
    as: fields.as === "page" ? "page" : "member",
  });
  return answer.kind === "asked" ? { kind: "went", to: answer.address } : answer;
}

const MAX_APP_FIELD = 300;
const tidy = (value: string | undefined): string => (value ?? "").trim().slice(0, MAX_APP_FIELD);

const no = (field: string, message: string): LinkRefused => ({
  kind: "refused",
  code: "invalid",
  message,
  field,
});

const sessionMissing = no("form", "Only a person who is logged in connects an account this way.");
