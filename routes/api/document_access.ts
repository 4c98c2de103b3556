/** The routes of access under `/api/v1`, for the document; `routes/access/` answers them. */
import { z } from "@hono/zod-openapi";
import { SCOPES } from "../access/authorize.ts";
import type { Api } from "./endpoint.ts";
import { ProblemSchema } from "./problems.ts";

const time = z.iso.datetime();

const TokenAnswer = z.object({
  id: z.string().openapi({ example: "0123456789abcdef" }),
  name: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  userId: z.string().nullable().openapi({ description: "Who made it; null when `ADMIN_TOKEN` did." }),
  createdAt: time,
  expiresAt: time.nullable(),
  lastUsedAt: time.nullable(),
}).openapi("Token");

const NewTokenAnswer = z.object({
  ...TokenAnswer.shape,
  token: z.string().openapi({ description: "The secret; it is shown this once." }),
}).openapi("NewToken");

const TokenBody = z.object({
  name: z.string().min(1).max(64),
  scopes: z.array(z.enum(SCOPES)).min(1),
  expiresAt: time.nullable().optional(),
}).openapi("TokenRequest", {
  additionalProperties: false,
  example: { name: "nightly", scopes: ["read", "write"] },
});

const PasswordBody = z.object({
  current: z.string().openapi({ format: "password" }),
  password: z.string().openapi({ format: "password" }),
}).openapi("PasswordChange", { additionalProperties: false });

const TokenPage = z.object({ items: z.array(TokenAnswer), next: z.string().nullable() }).openapi("TokenPage");

export function documentAccess(api: Api): void {
  const json = (schema: z.ZodType) => ({ "application/json": { schema } });
  const problem = (description: string) => ({
    description,
    content: { "application/problem+json": { schema: ProblemSchema } },
  });
  const refused = {
    401: problem("`unauthorized`, `invalid_token`: there is neither a session nor a good token."),
    403: problem("`forbidden`, `cross_site`, `header_missing`: it is not allowed."),
  };
  const wrong = {
    400: problem("`malformed_json`: the body is not JSON."),
    413: problem("`too_large`: the body is larger than allowed."),
    415: problem("`unsupported_media_type`: send JSON."),
    422: problem("`invalid`: a field is wrong."),
  };
  const security: Record<string, string[]>[] = [{ bearer: [] }, { session: [] }];
  const common = { tags: ["Access"], security };
  const registry = api.openAPIRegistry;

  registry.registerPath({
    ...common,
    method: "get",
    path: "/api/v1/tokens",
    operationId: "listTokens",
    summary: "All tokens, without their secrets",
    responses: { 200: { description: "All of them, on one page.", content: json(TokenPage) }, ...refused },
  });
  registry.registerPath({
    ...common,
    method: "post",
    path: "/api/v1/tokens",
    operationId: "createToken",
    summary: "Make a token",
    description: "Only a person who is logged in may give the scope `approve:real`.",
    request: { body: { required: true, content: json(TokenBody) } },
    responses: {
      201: { description: "The token, with its secret.", content: json(NewTokenAnswer) },
      ...refused,
      ...wrong,
      409: problem("`too_many_tokens`: revoke one first."),
    },
  });
  registry.registerPath({
    ...common,
    method: "delete",
    path: "/api/v1/tokens/{tokenId}",
    operationId: "revokeToken",
    summary: "Revoke a token",
    request: {
      params: z.object({ tokenId: z.string().openapi({ param: { name: "tokenId", in: "path" } }) }),
    },
    responses: {
      204: { description: "It is good for nothing from now on." },
      ...refused,
      404: problem("`not_found`: there is no such token."),
    },
  });
  registry.registerPath({
    tags: ["Access"],
    security: [{ session: [] }],
    method: "post",
    path: "/api/v1/account/password",
    operationId: "changePassword",
    summary: "Change one's own password",
    description: "For a person in a session. Every other session of theirs ends.",
    request: { body: { required: true, content: json(PasswordBody) } },
    responses: {
      204: { description: "It is changed." },
      ...refused,
      ...wrong,
      429: problem("Too many wrong passwords: try again after `Retry-After` seconds."),
      503: problem("Too many log-ins at once: try again."),
    },
  });
}
