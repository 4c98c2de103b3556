/** Persona files: import, export. */
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { type PersonaFile, PersonaFileError } from "../../actors/persona/files/persona_file.ts";
import { readPersonaFileApart } from "../../actors/persona/files/read_apart.ts";
import { writePersonaFile } from "../../actors/persona/files/write.ts";
import type { Program } from "../program.ts";
import { ImportAnswer, PreviewAnswer } from "./answers/persona.ts";
import { checkMediaType, readBytes } from "./body.ts";
import { type Api, define } from "./endpoint.ts";
import { MAX_IDENTITY_BYTES, MAX_UPLOAD_BYTES } from "./limits.ts";
import { existing, personaAnswer } from "./personas.ts";
import { ApiFault } from "./problems.ts";
import { identityFits } from "./schemas/identity.ts";
import { newPersonaId, type Sending } from "./sending.ts";

const TAG = "Files";
const UPLOADS = ["application/json", "image/png", "application/octet-stream"] as const;

export function addFiles(api: Api, program: Program, sending: Sending): void {
  define(api, {
    method: "POST",
    path: "/api/v1/personas/import",
    operationId: "importPersona",
    tag: TAG,
    summary: "Create a persona from a file",
    description:
      "Takes elizaOS characters and Character Cards V1 to V3, as JSON, PNG or charx. The persona is paused and has " +
      "no connections; plugins, endpoints and autonomy of the file are ignored, secrets stripped and reported.",
    action: "persona.import",
    idempotent: true,
    query: z.object({
      preview: z.enum(["0", "1", "false", "true"], "must be 1 or 0").optional().openapi({
        description: "1: only say what would come of it.",
      }),
    }),
    upload: UPLOADS,
    answers: {
      200: { description: "The preview: nothing was created.", schema: PreviewAnswer },
      201: { description: "The persona and what was left aside.", schema: ImportAnswer },
    },
    problems: [
      "too_large",
      "unsupported_media_type",
      "bad_file",
      "exists",
      "overloaded",
      "disk_full",
      "invalid",
    ],
    async handle(c, { query }) {
      const file = await uploaded(c);
      const report = reportOf(file);
      if (query.preview === "1" || query.preview === "true") {
        return c.json({ format: file.format, identity: file.identity, ...report });
      }
      const id = await newPersonaId(c);
      await sending.send(c, id, {
        type: "create",
        identity: file.identity,
        origin: "import",
        format: file.format,
        paused: true,
      });
      await program.files.keep(id, file);
      c.header("location", `/api/v1/personas/${id}`);
      return c.json({ ...await personaAnswer(program, id), ...report }, 201);
    },
  });

  define(api, {
    method: "GET",
    path: "/api/v1/personas/{personaId}/export",
    operationId: "exportPersona",
    tag: TAG,
    summary: "A persona as a file",
    action: "persona.read",
    query: z.object({
      format: z.enum(["card_v3", "eliza", "original"], "must be card_v3, eliza or original").default(
        "card_v3",
      ).openapi({
        description: "`original` is the file that it was imported from.",
      }),
    }),
    answers: {
      200: { description: "The file.", file: ["application/json", "image/png", "application/octet-stream"] },
    },
    problems: ["not_found"],
    async handle(c, { personaId, query }) {
      const { id, identity } = await existing(program, personaId ?? "");
      if (query.format !== "original") {
        const { bytes, mediaType, fileName } = writePersonaFile(identity, query.format);
        return download(c, bytes, mediaType, fileName);
      }
      const original = await program.files.original(id);
      if (original === null) {
        throw new ApiFault({ code: "not_found", detail: "This persona was not imported from a file." });
      }
      const { bytes, mediaType } = original;
      return download(c, bytes, mediaType, `original.${ENDINGS[mediaType] ?? "bin"}`);
    },
  });
}

const ENDINGS: Record<string, string> = { "application/json": "json", "image/png": "png" };

async function uploaded(c: Context): Promise<PersonaFile> {
  checkMediaType(c, UPLOADS);
  let file: PersonaFile;
  try {
    file = await readPersonaFileApart(await readBytes(c, MAX_UPLOAD_BYTES));
  } catch (error) {
    if (!(error instanceof PersonaFileError)) throw error;
    throw new ApiFault({
      code: error.code === "too_large" ? "too_large" : error.code === "busy" ? "overloaded" : "bad_file",
      detail: error.message,
      errors: [{ field: error.field ?? "body", reason: error.code }],
    });
  }
  if (identityFits(file.identity)) return file;
  const detail =
    `What the file says of the persona has more than ${MAX_IDENTITY_BYTES} bytes: shorten its knowledge.`;
  throw new ApiFault({ code: "bad_file", detail, errors: [{ field: "body", reason: "too_large" }] });
}

function reportOf(file: PersonaFile) {
  const { container, prompts, ignored, warnings, strippedSecrets, original } = file;
  return { container, prompts, ignored, warnings, strippedSecrets, redacted: original.redacted };
}

/** Text from outside: saved, never shown as a page of ours. */
function download(c: Context, bytes: Uint8Array, mediaType: string, fileName: string): Response {
  return c.body(bytes.slice().buffer, 200, {
    "content-type": mediaType,
    "content-disposition": `attachment; filename="${fileName.replace(/[^A-Za-z0-9._-]/g, "-")}"`,
    "x-content-type-options": "nosniff",
  });
}
