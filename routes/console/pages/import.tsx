/** A persona file: uploaded, looked at, then created, paused and without accounts. */
import type { Context, Hono, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { type PersonaFile, PersonaFileError } from "../../../actors/persona/files/persona_file.ts";
import { readPersonaFileApart } from "../../../actors/persona/files/read_apart.ts";
import { chosenKind } from "../../../actors/persona/files/real_person.ts";
import { MAX_UPLOAD_BYTES } from "../../api/limits.ts";
import { identityFits } from "../../api/schemas/identity.ts";
import { route } from "../../route.ts";
import { flash, go, partial, pieces } from "../answers.tsx";
import { by, type Console, page } from "../context.tsx";
import { bodyOf, formOf } from "../giving.ts";
import { KINDS } from "../identity_form.tsx";
import { Check, Select } from "../parts/field.tsx";
import { Chip, Face, Notice, plural, Post } from "../parts/small.tsx";
import { Foreign, Marked } from "../parts/text.tsx";
import { bringToLife, Upload } from "./first_steps.tsx";
import { missing } from "./missing.tsx";

const FORMATS: Record<PersonaFile["format"], string> = {
  eliza: "elizaOS character",
  card_v1: "Character Card V1",
  card_v2: "Character Card V2",
  card_v3: "Character Card V3",
};
/** What a multipart body needs beside the file. */
const ENVELOPE_BYTES = 64 * 1024;

export function addImport(app: Hono, con: Console): void {
  const all = { persona: null };
  const limit = bodyLimit({
    maxSize: MAX_UPLOAD_BYTES + ENVELOPE_BYTES,
    onError: (c) => again(c, `The file is larger than ${Math.floor(MAX_UPLOAD_BYTES / 1_048_576)} MB.`, 413),
  });
  // Behind the guard: a stranger's file is not even taken in.
  route(app, "POST", "/new/import", "persona.import", (c) => limited(c, limit, () => upload(c, con)), all);
  route(app, "GET", "/new/import/:uploadId", "persona.import", (c) => preview(c, con), all);
  route(app, "POST", "/new/import/:uploadId", "persona.import", (c) => create(c, con), all);
}

/** The answer of `work`, or that of the middleware in front of it. */
async function limited(
  c: Context,
  limit: MiddlewareHandler,
  work: () => Promise<Response>,
): Promise<Response> {
  let answer: Response | undefined;
  const refused = await limit(c, async () => {
    answer = await work();
  });
  return refused ?? answer ?? c.res;
}

const again = (c: Context, message: string, status: 413 | 422 = 422) =>
  pieces(
    c,
    [partial("#upload", "outerMorph", <Upload errors={{ file: message }} />), flash(message, "bad")],
    status,
  );

async function upload(c: Context, con: Console): Promise<Response> {
  const { file: sent } = await bodyOf(c);
  if (!(sent instanceof File) || sent.size === 0) return again(c, "Choose a file first.");
  let file: PersonaFile;
  try {
    file = await readPersonaFileApart(new Uint8Array(await sent.arrayBuffer()));
  } catch (error) {
    if (!(error instanceof PersonaFileError)) throw error;
    return again(c, error.message);
  }
  if (!identityFits(file.identity)) {
    return again(c, "What the file says of the persona is too long: shorten its knowledge.");
  }
  return go(c, `/new/import/${con.uploads.add(file, by(c))}`);
}

async function preview(c: Context, con: Console): Promise<Response> {
  const id = c.req.param("uploadId") ?? "";
  const file = con.uploads.find(id, by(c));
  if (file === null) return await missing(c, con, "file");
  return await page(
    c,
    con,
    () =>
      Promise.resolve({
        title: `Import ${file.identity.name}`,
        place: "new",
        topics: null,
        body: <Preview id={id} file={file} />,
      }),
  );
}

function Preview({ id, file }: { id: string; file: PersonaFile }) {
  const { identity, prompts, ignored, warnings, strippedSecrets } = file;
  const lists: [string, string[]][] = [
    ["Tone", identity.tone],
    ["Interests", identity.interests],
    ["Expertise", identity.expertise],
    ["Values", identity.values],
    ["Rules", identity.rules],
    ["Never says", identity.bannedWords],
  ];
  return (
    <div class="narrow stack">
      <div class="row">
        <Face name={identity.name} />
        <div>
          <h1 dir="auto">
            <Marked text={identity.name} />
          </h1>
          <p class="sub">{FORMATS[file.format]} ({file.container}). Nothing is created yet.</p>
        </div>
      </div>
      {strippedSecrets.length > 0 && (
        <Notice tone="bad">
          <b>{plural(strippedSecrets.length, "secret")} taken out.</b> They stood at{" "}
          {strippedSecrets.slice(0, 12).map(({ path }, index) => (
            <>
              {index > 0 && ", "}
              <code>
                <Marked text={path} />
              </code>
            </>
          ))}
          {strippedSecrets.length > 12 && " and more"}. If they are real, change them where they belong: the
          file was somewhere before it came here.
        </Notice>
      )}
      {identity.kind === "real_person" && (
        <Notice tone="warn">
          It seems to speak as a real living person. It can be tried in the sandbox; it can never have a real
          account.
        </Notice>
      )}
      {warnings.length > 0 && (
        <Notice tone="warn">
          <ul>
            {warnings.map((warning) => (
              <li>
                <Marked text={warning} />
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <section class="panel">
        <h2>Who it is</h2>
        <Foreign text={identity.background === "" ? "The file says nothing." : identity.background} />
        {identity.purpose !== "" && (
          <>
            <p class="fence-label">Purpose</p>
            <Foreign text={identity.purpose} />
          </>
        )}
        <dl class="dl">
          {lists.filter(([, list]) => list.length > 0).map(([label, list]) => (
            <>
              <dt>{label}</dt>
              <dd hx-ignore="">
                <Marked text={list.join(" · ")} />
              </dd>
            </>
          ))}
        </dl>
        {identity.examples.length > 0 && (
          <details class="fold">
            <summary>{plural(identity.examples.length, "example")} of its voice</summary>
            {identity.examples.map((example) => <Foreign text={example} />)}
          </details>
        )}
        {identity.knowledge.length > 0 && (
          <details class="fold">
            <summary>{plural(identity.knowledge.length, "piece")} of knowledge</summary>
            {identity.knowledge.map(({ key, text }) => (
              <>
                <p class="fence-label">
                  <Marked text={key} />
                </p>
                <Foreign text={text} />
              </>
            ))}
          </details>
        )}
      </section>
      <section class="panel">
        <h2>Its prompts</h2>
        {prompts.length === 0 && <p class="soft">It brings none.</p>}
        {prompts.length > 0 && (
          <p class="small soft">
            Given to the writer as material, fenced off; never followed as orders to digi-persona.
          </p>
        )}
        {prompts.map(({ label, text }) => (
          <>
            <p class="fence-label">
              <Marked text={label} />
            </p>
            <Foreign text={text} mono />
          </>
        ))}
      </section>
      {ignored.length > 0 && (
        <section class="panel">
          <h2>Left aside</h2>
          <dl class="dl">
            {ignored.map(({ what, why }) => (
              <>
                <dt hx-ignore="">
                  <Chip>
                    <Marked text={what} />
                  </Chip>
                </dt>
                <dd class="soft">
                  <Marked text={why} />
                </dd>
              </>
            ))}
          </dl>
        </section>
      )}
      <Post action={`/new/import/${id}`} class="panel stack">
        {identity.kind !== "real_person" && (
          <Select
            name="kind"
            label="What kind of being is it?"
            value={identity.kind}
            options={KINDS}
            hint="A stricter kind may always be chosen."
          />
        )}
        <Check
          name="first"
          label="Let it run now, in the sandbox only, and ask for a first draft"
          hint="Otherwise it is created paused and without accounts."
        />
        <div class="row">
          <button class="btn go">Create {identity.name}</button>
          <a class="btn quiet" href="/new">Drop the file</a>
        </div>
      </Post>
    </div>
  );
}

async function create(c: Context, con: Console): Promise<Response> {
  const id = c.req.param("uploadId") ?? "";
  const file = con.uploads.find(id, by(c));
  if (file === null) return pieces(c, [flash("This upload is gone: choose the file again.", "bad")], 404);
  const fields = await formOf(c);
  const chosen = KINDS.find(({ value }) => value === fields.kind)?.value ?? file.identity.kind;
  const runs = fields.first !== undefined;
  const identity = { ...file.identity, kind: chosenKind(file.identity.kind, chosen) };
  const brief = runs ? "who you are and what you will talk about here" : null;
  const birth = { identity, origin: "import" as const, format: file.format, paused: !runs, brief };
  return await bringToLife(c, con, birth, undefined, async (personaId) => {
    await con.program.files.keep(personaId, file);
    con.uploads.remove(id);
  });
}
