/** A persona's identity: edit, export, pause, retire, delete. */
import type { Context, Hono } from "hono";
import { writePersonaFile } from "../../../actors/persona/files/write.ts";
import { getPersona, type PersonaRead } from "../../../db/read/personas.ts";
import { route } from "../../route.ts";
import { flash, go, partial, pieces } from "../answers.tsx";
import { by, type Console } from "../context.tsx";
import { formOf, give } from "../giving.ts";
import { changesOf, fieldsOf, type IdentityFields, IdentityFieldset, identityOf } from "../identity_form.tsx";
import { type Errors, FormError, Input } from "../parts/field.tsx";
import { Post } from "../parts/small.tsx";
import { missing } from "./missing.tsx";
import { personaPage } from "./persona.tsx";

export function addIdentity(app: Hono, con: Console): void {
  const at = "/personas/:personaId";
  route(
    app,
    "GET",
    `${at}/identity`,
    "persona.read",
    (c) =>
      personaPage(c, con, "identity", async (_sql, persona) => ({
        body: <Page persona={persona} original={await con.program.files.original(persona.id) !== null} />,
      })),
  );
  route(app, "POST", `${at}/identity`, "persona.edit", (c) => edit(c, con));
  route(app, "GET", `${at}/export`, "persona.read", (c) => download(c, con));
  for (const type of ["pause", "resume", "retire"] as const) {
    route(app, "POST", `${at}/${type}`, "persona.command", async (c) => {
      const given = await give(c, con, c.req.param("personaId") ?? "", { type });
      if (!given.ok) return pieces(c, [flash(given.message, "bad")], given.status);
      return go(c, `/personas/${c.req.param("personaId")}`);
    });
  }
  route(app, "POST", `${at}/delete`, "persona.delete", (c) => remove(c, con));
}

function Page({ persona, original }: { persona: PersonaRead; original: boolean }) {
  return (
    <div class="cols">
      <section>
        <EditForm persona={persona} fields={fieldsOf(persona.identity)} />
      </section>
      <section class="stack">
        <div class="panel stack">
          <h2>Export</h2>
          <p class="small soft">
            As a file for other programs. Accounts, credentials and posts are not in it.
          </p>
          <div class="row">
            <a class="btn" href={`/personas/${persona.id}/export?format=card_v3`} download>
              Character Card V3
            </a>
            <a class="btn" href={`/personas/${persona.id}/export?format=eliza`} download>elizaOS</a>
            {original && (
              <a class="btn" href={`/personas/${persona.id}/export?format=original`} download>
                The file it came from
              </a>
            )}
          </div>
        </div>
        {persona.life !== "retired" && (
          <div class="panel stack">
            <h2>Retire</h2>
            <p class="small soft">
              For good: it writes and sends nothing any more, open drafts are withdrawn. What it said stays,
              here and on its platforms.
            </p>
            <Post action={`/personas/${persona.id}/retire`}>
              <button class="btn danger">Retire {persona.name}</button>
            </Post>
          </div>
        )}
        <DeleteForm persona={persona} />
      </section>
    </div>
  );
}

function EditForm(
  { persona, fields, errors = {} }: { persona: PersonaRead; fields: IdentityFields; errors?: Errors },
) {
  return (
    <Post
      action={`/personas/${persona.id}/identity`}
      class="form"
      id="identity-form"
      data-keep={`identity-${persona.id}`}
    >
      <FormError errors={errors} />
      <IdentityFieldset
        fields={fields}
        errors={errors}
        rows={persona.identity.knowledge.length}
        lockedKind={persona.identity.kind === "real_person"}
      />
      <div class="row">
        <button class="btn go">Save</button>
        <span class="small soft">It holds for everything that is written from now on.</span>
      </div>
    </Post>
  );
}

function DeleteForm({ persona, errors = {} }: { persona: { id: string; name: string }; errors?: Errors }) {
  return (
    <Post action={`/personas/${persona.id}/delete`} class="panel stack" id="delete-form">
      <h2 class="bad">Delete</h2>
      <p class="small soft">
        Its accounts are disconnected and their credentials removed. What it said on platforms stays there.
        This cannot be undone.
      </p>
      <FormError errors={errors} />
      <Input
        name="name"
        scope="delete"
        label={`Type its name to delete it: ${persona.name}`}
        errors={errors}
        autocomplete="off"
      />
      <div class="row">
        <button class="btn danger">Delete {persona.name}</button>
      </div>
    </Post>
  );
}

async function edit(c: Context, con: Console): Promise<Response> {
  const persona = await getPersona(con.program.sql, c.req.param("personaId") ?? "");
  if (persona === null) return await missing(c, con, "persona");
  const fields = await formOf(c);
  const again = (errors: Errors, status: 422 | 409 | 429 | 503 = 422) =>
    pieces(c, [
      partial("#identity-form", "outerHTML", <EditForm persona={persona} fields={fields} errors={errors} />),
      flash(Object.values(errors)[0] ?? "Something is not right.", "bad"),
    ], status);
  const parsed = identityOf(fields, persona.identity);
  if (!parsed.ok) return again(parsed.errors);
  const changes = changesOf(persona.identity, parsed.identity);
  if (Object.keys(changes).length === 0) return pieces(c, [flash("Nothing was changed.")]);
  const given = await give(c, con, persona.id, { type: "edit", changes });
  if (!given.ok) return again({ [given.field ?? "form"]: given.message }, given.status);
  const after = await getPersona(con.program.sql, persona.id);
  if (after === null) return go(c, "/");
  return pieces(c, [
    partial("#identity-form", "outerHTML", <EditForm persona={after} fields={fieldsOf(after.identity)} />),
    flash(`Saved: ${Object.keys(changes).join(", ")}.`),
  ]);
}

async function remove(c: Context, con: Console): Promise<Response> {
  const persona = await getPersona(con.program.sql, c.req.param("personaId") ?? "");
  if (persona === null) return await missing(c, con, "persona");
  const again = (errors: Errors, status: 422 | 409 | 429 | 503 = 422) =>
    pieces(
      c,
      [partial("#delete-form", "outerMorph", <DeleteForm persona={persona} errors={errors} />)],
      status,
    );
  const { name = "" } = await formOf(c);
  if (name.trim() !== persona.name.trim()) return again({ name: "That is not its name." });
  for (const { id } of persona.connections) {
    const answer = await con.program.connections.unlink(persona.id, id, by(c));
    if (answer.kind === "refused") return again({ form: answer.message });
  }
  const given = await give(c, con, persona.id, { type: "delete" });
  return given.ok ? go(c, "/") : again({ form: given.message }, given.status);
}

async function download(c: Context, con: Console): Promise<Response> {
  const persona = await getPersona(con.program.sql, c.req.param("personaId") ?? "");
  if (persona === null) return await missing(c, con, "persona");
  const format = c.req.query("format");
  if (format === "card_v3" || format === "eliza") {
    const { bytes, mediaType, fileName } = writePersonaFile(persona.identity, format);
    return saved(c, bytes, mediaType, fileName);
  }
  const original = format === "original" ? await con.program.files.original(persona.id) : null;
  if (original === null) return await missing(c, con, "page");
  return saved(c, original.bytes, original.mediaType, `original.${original.mediaType.split("/").at(-1)}`);
}

/** Text from outside: saved, never shown as a page of ours. */
function saved(c: Context, bytes: Uint8Array, mediaType: string, fileName: string): Response {
  return c.body(bytes.slice().buffer, 200, {
    "content-type": mediaType,
    "content-disposition": `attachment; filename="${fileName.replace(/[^A-Za-z0-9._-]/g, "-")}"`,
  });
}
