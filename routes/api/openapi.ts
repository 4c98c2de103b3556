/** The document of the whole API, OpenAPI 3.1. */
import type { Program } from "../program.ts";
import type { Api } from "./endpoint.ts";
import { PROBLEMS } from "./problems.ts";

const DESCRIPTION = `Everything that the console does, for programs.

Send a token as \`Authorization: Bearer …\`. Every request that changes something takes an \`Idempotency-Key\` where the
route names it: the same key with the same request is answered as before, and with another request refused.
Lists answer \`{items, next}\`; hand \`next\` back as \`after\` for the next page. Errors are \`application/problem+json\`
with a stable \`code\`. \`GET /live\` is a WebSocket with everything that happens.`;

export const TAGS = [
  { name: "Personas", description: "Who they are." },
  { name: "Commands", description: "What a persona is asked to do." },
  { name: "Posts", description: "What they write, and where it stands." },
  { name: "Connections", description: "Their accounts." },
  { name: "Interactions", description: "What others say to them." },
  { name: "Memories", description: "What they remember." },
  { name: "Events", description: "Every fact, in order." },
  { name: "Files", description: "Persona files of other programs." },
  { name: "Posting", description: "Stop all posting." },
  {
    name: "People",
    description: "People outside: who wants to be left alone, and whose words are to be erased.",
  },
  { name: "Runtime", description: "What runs, and what may be done to it." },
  { name: "Access", description: "Tokens and one's own account." },
  { name: "Operations", description: "Health, metrics, this document." },
];

export function openApiDocument(api: Api, program: Pick<Program, "settings">) {
  api.openAPIRegistry.registerComponent("securitySchemes", "bearer", {
    type: "http",
    scheme: "bearer",
    description: "A token made in the console, or `ADMIN_TOKEN`.",
  });
  api.openAPIRegistry.registerComponent("securitySchemes", "session", {
    type: "apiKey",
    in: "cookie",
    name: "__Host-digi-persona",
    description:
      "The console's session (`digi-persona` on plain http); what changes something also needs the header `X-Digi-Persona: 1`.",
  });
  const codes = Object.entries(PROBLEMS).map(([code, { status, meaning }]) =>
    `| ${status} | \`${code}\` | ${meaning} |`
  );
  return api.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "digi-persona",
      version: program.settings.version,
      description: `${DESCRIPTION}\n\n| status | code | when |\n| --- | --- | --- |\n${codes.join("\n")}`,
      license: { name: "MIT", url: "https://opensource.org/license/mit" },
    },
    servers: [{ url: program.settings.publicUrl ?? "/", description: "This installation." }],
    tags: TAGS,
    security: [{ bearer: [] }, { session: [] }],
  });
}
