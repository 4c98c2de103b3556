/** The account that answered: a person looks at it, and says that it is the right one, before anything is kept. */
import type { Context, Hono } from "hono";
import { limitsOf } from "../../../actors/persona/platforms/limits.ts";
import type { PersonaRead } from "../../../db/read/personas.ts";
import { sessionOf } from "../../access/middleware.ts";
import { confirmPath, NOT_CONNECTED } from "../../oauth/callback.ts";
import type { Offer } from "../../program.ts";
import { route } from "../../route.ts";
import { handleWords } from "../account_words.ts";
import { flash, go, partial, pieces } from "../answers.tsx";
import { by, cardOf, type Console, page } from "../context.tsx";
import { formOf } from "../giving.ts";
import { Check, type Errors, FormError } from "../parts/field.tsx";
import { Chip, Empty, Notice, PlatformChip, Post } from "../parts/small.tsx";
import { ExternalLink, Marked } from "../parts/text.tsx";
import { addressOf, MayList } from "./connections_account.tsx";
import { personaPage } from "./persona.tsx";

export function addConfirming(app: Hono, con: Console): void {
  const at = "/personas/:personaId/connections/confirm/:offerId";
  route(app, "GET", at, "persona.connect", (c) => show(c, con));
  route(app, "POST", at, "persona.connect", (c) => confirm(c, con));
  route(app, "GET", NOT_CONNECTED, "persona.list", (c) =>
    page(c, con, () =>
      Promise.resolve({
        title: "Not connected",
        place: "persona",
        body: (
          <Empty title="Nothing was connected">
            This way back from a platform is not valid, or not any more: it may be used once, within ten
            minutes, by who began it and is still logged in. Begin again from the persona's Connections.
          </Empty>
        ),
      })));
}

function offerOf(c: Context, con: Console): Promise<Offer | null> {
  const session = sessionOf(c);
  if (session === null) return Promise.resolve(null);
  return con.program.connections.offer(
    c.req.param("offerId") ?? "",
    session.key,
    c.req.param("personaId") ?? "",
  );
}

async function show(c: Context, con: Console): Promise<Response> {
  const offer = await offerOf(c, con);
  return await personaPage(c, con, "connections", (_sql, persona) =>
    Promise.resolve({
      body: (
        <section class="narrow">
          {offer === null || offer.failed !== null
            ? <Failed persona={persona} offer={offer} />
            : <OfferForm persona={persona} offerId={c.req.param("offerId") ?? ""} offer={offer} />}
        </section>
      ),
    }));
}

function Failed({ persona, offer }: { persona: PersonaRead; offer: Offer | null }) {
  const back = `/personas/${persona.id}/connections${
    offer === null ? "" : `?connect=${offer.platform}#connect`
  }`;
  return (
    <div class="panel stack">
      <h2>Nothing was connected</h2>
      <Notice tone="bad">
        <Marked
          text={offer?.failed ??
            "This was confirmed already, or more than ten minutes ago, or in another session."}
        />
      </Notice>
      <div>
        <a class="btn go" href={back}>Back to Connections</a>
      </div>
    </div>
  );
}

function OfferForm({ persona, offerId, offer, errors = {}, chosen }: {
  persona: Pick<PersonaRead, "id" | "name">;
  offerId: string;
  offer: Offer;
  errors?: Errors;
  chosen?: string;
}) {
  const { platform, choices } = offer;
  const { label } = limitsOf(platform);
  const open = choices.filter((one) => one.refused === null);
  const first = open.find((one) => one.accountId === chosen) ?? open[0];
  const replaced = open.find((one) => one.replaces !== null)?.replaces ?? null;
  return (
    <Post action={confirmPath(persona.id, offerId)} class="panel stack" id="offer-form">
      <h2>{choices.length > 1 ? "Which account shall it be?" : "Is this the right account?"}</h2>
      <p class="small soft">
        {label} answered. <Marked text={persona.name} />{" "}
        speaks as this account once you say so; otherwise what {label} answered is removed after ten minutes.
      </p>
      <FormError errors={errors} />
      {errors.accountId !== undefined && <div class="notice bad" role="alert">{errors.accountId}</div>}
      <div class="lines" role={choices.length > 1 ? "radiogroup" : undefined} aria-label="Account">
        {choices.map((choice) => (
          <Choice
            platform={platform}
            choice={choice}
            single={choices.length === 1}
            checked={choice === first}
          />
        ))}
      </div>
      {replaced !== null && (
        <Check
          name="replace"
          label={
            <>
              Let it take the place of{" "}
              <b>
                <Marked text={replaced} />
              </b>
            </>
          }
          errors={errors}
          hint="Approvals that were given for the account before are void then: what waits has to be approved again."
        />
      )}
      <div class="row">
        <button class="btn go" disabled={first === undefined}>
          {choices.length === 1 && first !== undefined
            ? (
              <>
                Connect <Marked text={handleWords(platform, first.handle)} />
              </>
            )
            : "Connect"}
        </button>
        <a class="btn" href={`/personas/${persona.id}/connections?connect=${platform}#connect`}>
          {choices.length === 1 ? "Not this one" : "None of these"}
        </a>
      </div>
    </Post>
  );
}

function Choice({ platform, choice, single, checked }: {
  platform: Offer["platform"];
  choice: Offer["choices"][number];
  single: boolean;
  checked: boolean;
}) {
  const { accountId, handle, role, refused, may, missingScopes } = choice;
  const address = addressOf({ ...choice, platform });
  return (
    <div class="stack">
      {single && refused === null ? <input type="hidden" name="accountId" value={accountId} /> : null}
      <label class="check">
        {!single && (
          <input
            type="radio"
            name="accountId"
            value={accountId}
            checked={checked}
            disabled={refused !== null}
          />
        )}
        <span class="row">
          <PlatformChip platform={platform} />
          <b>
            <bdi>
              <Marked text={handleWords(platform, handle)} />
            </bdi>
          </b>
          {platform === "linkedin" && <Chip>{role === null ? "member" : `page, as ${roleWords(role)}`}</Chip>}
        </span>
      </label>
      <p class="small soft">
        <span class="mono">
          <Marked text={accountId} />
        </span>{" "}
        {address !== null && <ExternalLink href={address}>look at it</ExternalLink>}
      </p>
      {refused === null ? <MayList may={may} /> : (
        <Notice tone="warn">
          It cannot be connected: <Marked text={refused} />.
        </Notice>
      )}
      {refused === null && missingScopes.length > 0 && (
        <Notice tone="warn">
          Not agreed to:{" "}
          <b>{missingScopes.join(", ")}</b>. It can be connected all the same; what is marked ✗ will not
          work{missingScopes.includes("offline.access")
            ? ", and somebody has to connect it again when access ends, after two hours"
            : ""}.
        </Notice>
      )}
    </div>
  );
}

const roleWords = (role: string): string => role.toLowerCase().replaceAll("_", " ");

async function confirm(c: Context, con: Console): Promise<Response> {
  const personaId = c.req.param("personaId") ?? "";
  const offerId = c.req.param("offerId") ?? "";
  const session = sessionOf(c);
  const { accountId = "", replace } = await formOf(c);
  const answer = session === null ? null : await con.program.connections.confirm({
    offerId,
    sessionKey: session.key,
    personaId,
    accountId,
    replace: replace !== undefined,
  }, by(c));
  if (answer?.kind === "linked") return go(c, `/personas/${personaId}/connections`);
  const message = answer?.message ?? "Only a person who is logged in connects an account this way.";
  const offer = await offerOf(c, con);
  if (offer === null || offer.failed !== null) return pieces(c, [flash(message, "bad")], 422);
  const field = answer?.field === "replace" || answer?.field === "accountId" ? answer.field : "form";
  const { name } = await cardOf(con.program.sql, personaId);
  return pieces(c, [
    partial(
      "#offer-form",
      "outerHTML",
      <OfferForm
        persona={{ id: personaId, name }}
        offerId={offerId}
        offer={offer}
        errors={{ [field]: message }}
        chosen={accountId}
      />,
    ),
    flash(message, "bad"),
  ], 422);
}
