/** Accounts: list, link, unlink. Credentials go straight to `program.connections`, which keeps them in the vault. */
import type { z } from "@hono/zod-openapi";
import { byOf } from "../access/authorize.ts";
import { principalOf } from "../access/middleware.ts";
import { platformUse } from "../../db/platform_use.ts";
import type { LinkAnswer, LinkRefused, Program } from "../program.ts";
import { getConnection, listConnections } from "../../db/read/connections.ts";
import { ConnectionAnswer, ConnectionPage } from "./answers/connection.ts";
import { type Api, define } from "./endpoint.ts";
import { existing } from "./personas.ts";
import { ApiFault, isProblemCode } from "./problems.ts";
import { ConnectSchema } from "./schemas/connect.ts";
import { ID } from "./schemas/fields.ts";
import { keyOf, type Sending } from "./sending.ts";

const TAG = "Connections";

export function addConnections(api: Api, program: Program, sending: Sending): void {
  const routes = [
    { path: "/api/v1/personas/{personaId}/connections", of: "OfPersona" },
    { path: "/api/v1/connections", of: "", personaHeader: "required" as const },
  ];
  for (const { of, ...route } of routes) {
    define(api, {
      ...route,
      method: "GET",
      operationId: `listConnections${of}`,
      tag: TAG,
      summary: "The persona's accounts, linked ones first",
      action: "persona.read",
      answers: { 200: { description: "All of them, on one page.", schema: ConnectionPage } },
      problems: ["not_found"],
      async handle(c, { personaId }) {
        const { id } = await existing(program, personaId ?? "");
        const connections = await listConnections(program.sql, id);
        const [described, use] = await Promise.all([
          program.connections.describe(connections),
          platformUse(program.sql, connections.map((one) => one.id), Date.now()),
        ]);
        const items = connections.map((one) => ({
          ...one,
          description: described.get(one.id) ?? null,
          use: use.get(one.id),
        }));
        return c.json({ items, next: null });
      },
    });

    define(api, {
      ...route,
      method: "POST",
      operationId: `connect${of}`,
      tag: TAG,
      summary: "Link an account",
      description:
        "The sandbox needs no credentials. Bluesky takes an app password, X the four keys of OAuth 1.0a: they are " +
        "kept encrypted and never shown, logged or put into an event. A real account needs `operatedBy` and has " +
        "to say that a machine writes there. LinkedIn, and X with OAuth 2.0, are connected in the console: a " +
        "person has to give leave in a browser.",
      action: "persona.connect",
      body: ConnectSchema,
      examples: {
        sandbox: { platform: "sandbox" },
        bluesky: { platform: "bluesky", identifier: "mira.example", password: "xxxx-xxxx-xxxx-xxxx" },
        x: {
          platform: "x",
          consumerKey: "…",
          consumerSecret: "…",
          accessToken: "…",
          accessSecret: "…",
          handle: "mira_holt",
          disclose: true,
        },
      },
      answers: { 201: { description: "The linked account.", schema: ConnectionAnswer } },
      problems: [
        "not_found",
        "persona_retired",
        "connection_in_use",
        "real_person",
        "operator_unnamed",
        "disclosure_missing",
        "not_linked",
        "overloaded",
        "disk_full",
      ],
      async handle(c, { personaId, body }) {
        const { id } = await existing(program, personaId ?? "");
        await sending.checkDisk();
        const by = byOf(principalOf(c));
        const key = keyOf(c) ?? undefined;
        const answer = await linked(program, id, by, body, key);
        if (answer.kind === "refused") throw notLinked(answer);
        const connection = await getConnection(program.sql, answer.connection.connectionId);
        if (connection === null) throw new Error("A linked connection has no row.");
        return c.json(connection, 201);
      },
    });
  }

  define(api, {
    method: "DELETE",
    path: "/api/v1/personas/{personaId}/connections/{connectionId}",
    operationId: "disconnect",
    tag: TAG,
    summary: "Unlink an account",
    description: "Its credentials are deleted. What was published stays where it is.",
    action: "persona.connect",
    answers: { 204: { description: "It is not linked any more." } },
    problems: ["not_found", "overloaded"],
    async handle(c, { personaId }) {
      const { id } = await existing(program, personaId ?? "");
      const connectionId = c.req.param("connectionId") ?? "";
      const connections = ID.test(connectionId)
        ? await listConnections(program.sql, id, { linked: true })
        : [];
      if (!connections.some((one) => one.id === connectionId)) {
        throw new ApiFault({ code: "not_found", detail: "This persona has no such linked account." });
      }
      const answer = await program.connections.unlink(id, connectionId, byOf(principalOf(c)));
      if (answer.kind === "refused") throw notLinked(answer);
      return c.body(null, 204);
    },
  });
}

function linked(
  { connections }: Program,
  personaId: string,
  by: string,
  body: z.infer<typeof ConnectSchema>,
  key: string | undefined,
): Promise<LinkAnswer> {
  switch (body.platform) {
    case "sandbox":
      return connections.linkSandbox(personaId, by, key);
    case "bluesky":
      return connections.linkBluesky(personaId, by, withoutPlatform(body), key);
    case "x":
      return connections.linkX(personaId, by, withoutPlatform(body), key);
    default:
      return body satisfies never;
  }
}

function withoutPlatform<T extends { platform: string }>(
  { platform: _platform, ...credentials }: T,
): Omit<T, "platform"> {
  return credentials;
}

function notLinked({ code, message, field }: LinkRefused): ApiFault {
  return new ApiFault({
    code: isProblemCode(code) ? code : "not_linked",
    detail: message,
    ...(field === undefined ? {} : { errors: [{ field, reason: message }] }),
    ...(code === "overloaded" || code === "unavailable" ? { retryAfter: 5 } : {}),
  });
}
