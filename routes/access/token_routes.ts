import type { Context } from "hono";
import { z } from "zod";
import { problem } from "../problem.ts";
import { SCOPES } from "./authorize.ts";
import { readJson } from "./body.ts";
import { principalOf, refuseUnless } from "./middleware.ts";
import { type AccessParts, nameField } from "./parts.ts";
import { MAX_TOKENS, TOKEN_ID } from "./tokens.ts";

/** What a new token is made of; the console's form uses it too. */
export const NewTokenBody = z.strictObject({
  name: nameField("Give the token a name."),
  scopes: z.array(z.enum(SCOPES)).min(1, "Give the token a scope.").max(SCOPES.length)
    .refine((scopes) => new Set(scopes).size === scopes.length, "Name each scope once.")
    .refine(
      (scopes) => !scopes.includes("approve:real") || scopes.includes("approve"),
      "The scope `approve:real` needs `approve` too.",
    ),
  expiresAt: z.iso.datetime({ offset: true, message: "Send a time like 2027-01-31T12:00:00Z, or null." })
    .nullable().optional(),
});

export async function listTokens(c: Context, parts: AccessParts): Promise<Response> {
  return c.json({ items: await parts.tokens.list(), next: null });
}

/** Answers 201 with `token`, the secret, which is shown this once. */
export async function createToken(c: Context, parts: AccessParts): Promise<Response> {
  const body = await readJson(c, NewTokenBody);
  if (body instanceof Response) return body;
  const { name, scopes } = body.value;
  if (scopes.includes("approve:real")) {
    const refusal = refuseUnless(c, "tokens.grant_real_approval", null);
    if (refusal) return refusal;
  }
  const expiresAt = body.value.expiresAt ? new Date(body.value.expiresAt).toISOString() : null;
  if (expiresAt !== null && Date.parse(expiresAt) <= parts.ports.now()) {
    const detail = "The time is past already.";
    return problem(c, 422, { title: "Validation failed", detail, code: "invalid", field: "expiresAt" });
  }
  const principal = principalOf(c);
  const userId = principal.kind === "user" ? principal.id : null;
  const created = await parts.tokens.create({ name, scopes, userId, expiresAt });
  if (created === null) {
    const detail = `There are ${MAX_TOKENS} tokens already: revoke one first.`;
    return problem(c, 409, { title: "Too many tokens", detail, code: "too_many_tokens" });
  }
  return c.json({ ...created.info, token: created.token }, 201);
}

export async function revokeToken(c: Context, parts: AccessParts): Promise<Response> {
  const id = c.req.param("tokenId") ?? "";
  if (TOKEN_ID.test(id) && await parts.tokens.revoke(id)) return c.body(null, 204);
  const detail = "There is no such token, or it was revoked before.";
  return problem(c, 404, { title: "Not found", detail, code: "not_found" });
}
