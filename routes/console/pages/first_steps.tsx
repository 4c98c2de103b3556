/** First steps, and every further persona: a template, a description, or a file. One press from each to a first draft in the sandbox. */
import type { Context, Hono } from "hono";
import { emptyIdentity, type Identity } from "../../../actors/persona/identity.ts";
import type { PersonaCommand } from "../../../actors/persona/commands.ts";
import { route } from "../../route.ts";
import { flash, go, partial, pieces } from "../answers.tsx";
import { by, type Console, page } from "../context.tsx";
import { describe } from "../describe.ts";
import { formOf, give } from "../giving.ts";
import { fieldsOf, type IdentityFields, IdentityFieldset, identityOf } from "../identity_form.tsx";
import { Check, type Errors, FormError, Input, TextArea } from "../parts/field.tsx";
import { Face, Notice, Post } from "../parts/small.tsx";
import { isZone } from "../parts/time.tsx";
import { TEMPLATES } from "../templates.ts";
import { ZoneList } from "./persona_parts.tsx";

export function FirstSteps({ zone, more = false }: { zone: string; more?: boolean }) {
  return (
    <div class="stack">
      <div class="page-head">
        <div>
          <h1>{more ? "A new persona" : "Welcome. Who shall speak first?"}</h1>
          <p class="sub">
            {more
              ? "From a template, a description or a file."
              : "One press makes a persona, gives it an account in the sandbox, and asks it for a first draft. Nobody outside sees any of it."}
          </p>
        </div>
      </div>
      <div class="templates">
        {TEMPLATES.map(({ id, pitch, identity, brief }) => (
          <article class="template">
            <div class="row">
              <Face name={identity.name} />
              <div>
                <h2>{identity.name}</h2>
                <span class="small soft">{identity.tone.slice(0, 3).join(", ")}</span>
              </div>
            </div>
            <p class="small soft">{pitch}</p>
            <div class="stack">
              <blockquote>{identity.examples[0]}</blockquote>
              <p class="small soft">First draft: {brief}.</p>
            </div>
            <Post action="/new/template" fields={{ template: id }}>
              <button class="btn go" data-focus="">Bring to life and write the first draft</button>
            </Post>
          </article>
        ))}
      </div>
      <div class="cols">
        <section class="panel">
          <h2>Describe one</h2>
          <Describe zone={zone} />
        </section>
        <section class="panel">
          <h2>Bring one along</h2>
          <Upload />
        </section>
      </div>
      <ZoneList />
    </div>
  );
}

function Describe(
  { zone, typed = {}, errors = {} }: { zone: string; typed?: Record<string, string>; errors?: Errors },
) {
  return (
    <Post action="/new/describe" class="stack" id="describe" data-keep="describe">
      <Input name="name" label="Name" scope="d" value={typed.name} errors={errors} required maxlength={80} />
      <TextArea
        name="paragraph"
        label="Who is it, and what does it talk about?"
        scope="d"
        rows={5}
        value={typed.paragraph}
        errors={errors}
        required
        placeholder="A warm, dry baker who writes about bread, salt and old ovens. She wants to make people bake on Sundays. Never gives diet advice."
      />
      <input type="hidden" name="zone" value={zone} data-zone="" />
      <div class="row">
        <button class="btn go">Fill in the form</button>
        <span class="small soft">Next you see everything and can change it.</span>
      </div>
    </Post>
  );
}

export function Upload({ errors = {} }: { errors?: Errors }) {
  return (
    <Post action="/new/import" class="stack" id="upload" enctype="multipart/form-data">
      <p class="small soft">
        An elizaOS character or a Character Card (V1 to V3), as JSON, PNG or charx. You see what it says
        before anything is created; its plugins and addresses are ignored, secrets are taken out.
      </p>
      <div class="field">
        <label for="u-file">File</label>
        <input
          type="file"
          id="u-file"
          name="file"
          accept=".json,.png,.charx,application/json,image/png"
          required
        />
        {errors.file !== undefined && <span class="error" role="alert">{errors.file}</span>}
      </div>
      <div class="row">
        <button class="btn">Look inside</button>
      </div>
    </Post>
  );
}

export function addFirstSteps(app: Hono, con: Console): void {
  const all = { persona: null };
  route(
    app,
    "GET",
    "/new",
    "persona.create",
    (c) =>
      page(c, con, () =>
        Promise.resolve({
          title: "New persona",
          place: "new",
          topics: [],
          body: <FirstSteps zone="UTC" more />,
        })),
    all,
  );
  route(app, "POST", "/new/template", "persona.create", (c) => fromTemplate(c, con), all);
  route(app, "POST", "/new/describe", "persona.create", (c) => described(c), all);
  route(app, "GET", "/new/form", "persona.create", (c) => formPage(c, con), all);
  route(app, "POST", "/new/form", "persona.create", (c) => fromForm(c, con), all);
}

async function fromTemplate(c: Context, con: Console): Promise<Response> {
  const { template: id } = await formOf(c);
  const template = TEMPLATES.find((one) => one.id === id);
  if (template === undefined) return pieces(c, [flash("There is no such template.", "bad")], 422);
  return await bringToLife(c, con, {
    identity: template.identity,
    origin: "template",
    brief: template.brief,
  });
}

/** The description travels in the address of the form, so that it can be reloaded and gone back to. */
async function described(c: Context): Promise<Response> {
  const typed = await formOf(c);
  const errors: Errors = {};
  if ((typed.name ?? "").trim() === "") errors.name = "Give it a name.";
  if ((typed.paragraph ?? "").trim() === "") errors.paragraph = "Say a few sentences about it.";
  else if ((typed.paragraph ?? "").length > 4_000) {
    errors.paragraph = "At most 4,000 characters here; more can be added in the form.";
  }
  const zone = isZone(typed.zone ?? "") ? typed.zone ?? "UTC" : "UTC";
  if (Object.keys(errors).length > 0) {
    return pieces(c, [partial("#describe", "outerHTML", <Describe {...{ zone, typed, errors }} />)], 422);
  }
  const query = new URLSearchParams({ name: typed.name ?? "", paragraph: typed.paragraph ?? "", zone });
  return go(c, `/new/form?${query}`);
}

async function formPage(c: Context, con: Console): Promise<Response> {
  const { name = "", paragraph = "", zone = "UTC" } = c.req.query();
  const identity = describe(name, paragraph.slice(0, 4_000), {
    zone: isZone(zone) ? zone : "UTC",
    language: "en",
  });
  return await page(c, con, () =>
    Promise.resolve({
      title: "New persona",
      place: "new",
      topics: [],
      body: (
        <div class="narrow stack">
          <h1>{name.trim() === "" ? "A new persona" : name}</h1>
          {paragraph !== "" && (
            <Notice>
              What the description says was sorted into the fields by simple rules. Nothing was made up:
              correct what is wrong, fill in what is missing.
            </Notice>
          )}
          <NewForm fields={fieldsOf(identity)} />
          <ZoneList />
        </div>
      ),
    }));
}

function NewForm({ fields, errors = {} }: { fields: IdentityFields; errors?: Errors }) {
  return (
    <Post action="/new/form" class="form" id="new-form" data-keep="new-form">
      <FormError errors={errors} />
      <IdentityFieldset fields={fields} errors={errors} rows={0} />
      <Check
        name="first"
        label="Connect it to the sandbox and ask for a first draft"
        checked
        hint="Nobody outside sees the sandbox."
      />
      <div class="field">
        <Input
          name="brief"
          label="About what?"
          value={fields.brief ?? ""}
          hint="May be empty: then it introduces itself."
        />
      </div>
      <div class="row">
        <button class="btn go">Create the persona</button>
        <a class="btn quiet" href="/new">Cancel</a>
      </div>
    </Post>
  );
}

async function fromForm(c: Context, con: Console): Promise<Response> {
  const fields = await formOf(c);
  const again = (errors: Errors, status: 422 | 409 | 429 | 503 = 422) =>
    pieces(c, [
      partial("#new-form", "outerHTML", <NewForm fields={fields} errors={errors} />),
      flash(Object.values(errors)[0] ?? "Something is missing.", "bad"),
    ], status);
  const parsed = identityOf(fields, emptyIdentity);
  if (!parsed.ok) return again(parsed.errors);
  const brief = fields.first === undefined
    ? null
    : fields.brief?.trim() || "who you are and what you will talk about here";
  return await bringToLife(
    c,
    con,
    { identity: parsed.identity, origin: "form", brief },
    (message) => again({ form: message }),
  );
}

interface Birth {
  identity: Identity;
  origin: "form" | "template" | "import";
  format?: string | null;
  paused?: boolean;
  /** What the first draft in the sandbox is about; null for none. */
  brief: string | null;
}

/** Creates a persona; with a brief also its sandbox account and its first draft. Leads to its page, whatever of the rest went wrong. */
export async function bringToLife(
  c: Context,
  con: Console,
  birth: Birth,
  refused: (message: string) => Response = (message) => pieces(c, [flash(message, "bad")], 422),
  created: (personaId: string) => Promise<void> = () => Promise.resolve(),
): Promise<Response> {
  const personaId = crypto.randomUUID();
  const { identity, origin, format = null, paused = false, brief } = birth;
  const create: PersonaCommand = { type: "create", identity, origin, format, paused };
  const given = await give(c, con, personaId, create);
  if (!given.ok) return refused(given.message);
  await created(personaId);
  if (brief !== null) {
    const linked = await con.program.connections.linkSandbox(personaId, by(c));
    if (linked.kind === "linked") {
      await give(c, con, personaId, { type: "compose", platform: "sandbox", brief });
    }
  }
  return go(c, `/personas/${personaId}`);
}
