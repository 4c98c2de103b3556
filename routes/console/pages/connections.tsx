/** A persona's accounts: connect, look after, disconnect. Credentials go to the vault and are never shown again. */
import type { Context, Hono } from "hono";
import { limitsOf } from "../../../actors/persona/platforms/limits.ts";
import { type ConnectionRead, listConnections } from "../../../db/read/connections.ts";
import { getPersona, type PersonaRead } from "../../../db/read/personas.ts";
import { ConnectSchema } from "../../api/schemas.ts";
import { route } from "../../route.ts";
import { flash, go, partial, pieces } from "../answers.tsx";
import { by, type Console } from "../context.tsx";
import { formOf, give } from "../giving.ts";
import { Check, type Errors, FormError, Input } from "../parts/field.tsx";
import { Chip, Notice, PlatformChip, Post } from "../parts/small.tsx";
import { Marked } from "../parts/text.tsx";
import { Time } from "../parts/time.tsx";
import { missing } from "./missing.tsx";
import { personaPage } from "./persona.tsx";

export function addConnections(app: Hono, con: Console): void {
  const at = "/personas/:personaId/connections";
  route(app, "GET", at, "persona.read", (c) =>
    personaPage(c, con, "connections", async (sql, persona) => ({
      body: <Page persona={persona} connections={await listConnections(sql, persona.id)} now={con.now()} />,
    })));
  route(app, "POST", `${at}/sandbox`, "persona.connect", (c) => linkSandbox(c, con));
  route(app, "POST", `${at}/bluesky`, "persona.connect", (c) => linkBluesky(c, con));
  route(app, "POST", `${at}/:connectionId/unlink`, "persona.connect", (c) => unlink(c, con));
}

function Page(
  { persona, connections, now }: { persona: PersonaRead; connections: ConnectionRead[]; now: number },
) {
  const linked = connections.filter((one) => one.linked);
  const has = (platform: string) => linked.some((one) => one.platform === platform);
  const bluesky = linked.find((one) => one.platform === "bluesky");
  return (
    <div class="cols">
      <section>
        <div class="head">
          <h2>Accounts</h2>
          <span>an account belongs to one persona only</span>
        </div>
        {linked.map((one) => (
          <article class={limitsOf(one.platform).real ? "card" : "card sandbox"}>
            <div class="meta">
              <PlatformChip platform={one.platform} />
              <bdi>
                @<Marked text={one.handle} />
              </bdi>
              <span class="count">
                since <Time at={one.linkedAt} zone={persona.zone} now={now} />
              </span>
            </div>
            <div class="body">
              {one.health === "lost"
                ? (
                  <Notice tone="bad">
                    <b>Needs attention.</b> <Marked text={one.reason ?? ""} />{" "}
                    Connect it again below: what waits goes on by itself.
                  </Notice>
                )
                : (
                  <div class="chips">
                    <Chip tone="ok">✓ works</Chip>
                  </div>
                )}
              <dl class="dl small">
                <dt>Account</dt>
                <dd class="mono">
                  <Marked text={one.accountId} />
                </dd>
                <dt>Server</dt>
                <dd class="mono">{one.service}</dd>
                <dt>Disclosure</dt>
                <dd>
                  {one.disclosure === "profile_label"
                    ? "The profile says that it is automated"
                    : "none: nobody outside sees it"}
                </dd>
              </dl>
            </div>
            <div class="acts">
              <Post action={`/personas/${persona.id}/connections/${one.id}/unlink`}>
                <button class="btn danger">Disconnect</button>
              </Post>
              <span class="small soft">Its credentials are deleted; what was published stays.</span>
            </div>
          </article>
        ))}
        {!has("sandbox") && (
          <div class="panel stack">
            <h2>Sandbox</h2>
            <p class="small soft">
              A small social network inside digi-persona: no account is needed, it answers back, and nobody
              outside sees it.
            </p>
            <Post action={`/personas/${persona.id}/connections/sandbox`}>
              <button class="btn go">Connect the sandbox</button>
            </Post>
          </div>
        )}
        {connections.some((one) => !one.linked) && (
          <details class="fold">
            <summary>Disconnected</summary>
            {connections.filter((one) => !one.linked).map((one) => (
              <p class="small soft">
                {limitsOf(one.platform).label}: <Marked text={one.handle} />
              </p>
            ))}
          </details>
        )}
      </section>
      <section>
        {persona.kind === "real_person"
          ? <Notice tone="warn">A persona of a real living person cannot have a real account.</Notice>
          : bluesky === undefined || bluesky.health === "lost"
          ? (
            <BlueskyForm
              persona={persona}
              typed={{ identifier: bluesky?.handle ?? "", operatedBy: persona.operatedBy }}
              again={bluesky !== undefined}
            />
          )
          : null}
      </section>
    </div>
  );
}

function BlueskyForm({ persona, typed, errors = {}, again = false }: {
  persona: { id: string; name: string };
  typed: Record<string, string>;
  errors?: Errors;
  again?: boolean;
}) {
  return (
    <Post action={`/personas/${persona.id}/connections/bluesky`} class="panel stack" id="bluesky-form">
      <h2>{again ? "Connect Bluesky again" : "Connect Bluesky"}</h2>
      <p class="small soft">
        People outside will see what is published there. Until you say otherwise, nothing goes out without a
        person's approval.
      </p>
      <FormError errors={errors} />
      <Input
        name="identifier"
        label="Handle or DID"
        scope="b"
        value={typed.identifier}
        errors={errors}
        required
        placeholder="name.bsky.social"
        autocomplete="off"
      />
      <Input
        name="password"
        type="password"
        label="App password"
        scope="b"
        errors={errors}
        required
        autocomplete="off"
        hint="Make one in Bluesky: Settings, Privacy and security, App passwords. Never the account's own password."
      />
      <Input
        name="operatedBy"
        label="Run by"
        scope="b"
        value={typed.operatedBy}
        errors={errors}
        required
        hint="Who answers for this persona, as the public may read it."
      />
      <Check
        name="disclose"
        label="Label the profile as automated"
        checked={typed.disclose !== "no"}
        errors={errors}
        hint="A real account has to say that a machine writes there."
      />
      <details class="fold" open={(typed.service ?? "") !== "" || errors.service !== undefined}>
        <summary>Another server</summary>
        <Input
          name="service"
          type="url"
          label="Server"
          scope="b"
          value={typed.service}
          errors={errors}
          hint="May be empty: it is found from the handle or DID."
        />
      </details>
      <div class="row">
        <button class="btn go">Check and connect</button>
        <span class="small soft">Logs in once to see that it works.</span>
      </div>
    </Post>
  );
}

async function linkSandbox(c: Context, con: Console): Promise<Response> {
  const personaId = c.req.param("personaId") ?? "";
  const answer = await con.program.connections.linkSandbox(personaId, by(c));
  if (answer.kind === "refused") return pieces(c, [flash(answer.message, "bad")], 422);
  return go(c, `/personas/${personaId}/connections`);
}

async function linkBluesky(c: Context, con: Console): Promise<Response> {
  const persona = await getPersona(con.program.sql, c.req.param("personaId") ?? "");
  if (persona === null) return await missing(c, con, "persona");
  const { password = "", ...fields } = await formOf(c);
  const typed = { ...fields, disclose: fields.disclose === undefined ? "no" : "on" };
  const again = (errors: Errors, status: 422 | 409 | 429 | 503 = 422) =>
    pieces(c, [
      partial("#bluesky-form", "outerHTML", <BlueskyForm persona={persona} typed={typed} errors={errors} />),
      flash(Object.values(errors)[0] ?? "Something is not right.", "bad"),
    ], status);

  const operatedBy = (fields.operatedBy ?? "").trim();
  if (operatedBy === "") return again({ operatedBy: "Name who runs this persona." });
  if (fields.disclose === undefined) {
    return again({ disclose: "A real account has to say that a machine writes there." });
  }
  const parsed = ConnectSchema.safeParse({
    platform: "bluesky",
    identifier: (fields.identifier ?? "").trim().replace(/^@/, ""),
    password: password.trim(),
    disclose: true,
    ...((fields.service ?? "").trim() === "" ? {} : { service: fields.service?.trim() }),
  });
  if (!parsed.success || parsed.data.platform !== "bluesky") {
    const issue = parsed.error?.issues[0];
    const field = issue?.path.map(String)[0] ?? "form";
    const names: Record<string, string> = {
      identifier: "The handle or DID",
      password: "The app password",
      service: "The server",
    };
    return again({ [field]: `${names[field] ?? "This"} ${issue?.message ?? "is not right"}.` });
  }
  if (operatedBy !== persona.operatedBy) {
    const given = await give(c, con, persona.id, { type: "edit", changes: { operatedBy } });
    if (!given.ok) return again({ operatedBy: given.message }, given.status);
  }
  const { platform: _platform, ...credentials } = parsed.data;
  const answer = await con.program.connections.linkBluesky(persona.id, by(c), credentials);
  if (answer.kind === "linked") return go(c, `/personas/${persona.id}/connections`);
  const known = ["identifier", "password", "service", "operatedBy", "disclose"];
  return again({
    [answer.field !== undefined && known.includes(answer.field) ? answer.field : "form"]: answer.message,
  });
}

async function unlink(c: Context, con: Console): Promise<Response> {
  const personaId = c.req.param("personaId") ?? "";
  const answer = await con.program.connections.unlink(personaId, c.req.param("connectionId") ?? "", by(c));
  if (answer.kind === "refused") return pieces(c, [flash(answer.message, "bad")], 422);
  return go(c, `/personas/${personaId}/connections`);
}
