/** Tokens for programs, on the settings page: made, shown once, revoked. */
import type { Context } from "hono";
import { type Scope, SCOPES } from "../../access/authorize.ts";
import { principalOf, refuseUnless } from "../../access/middleware.ts";
import { MAX_TOKENS, type TokenInfo } from "../../access/tokens.ts";
import { flash, partial, pieces } from "../answers.tsx";
import type { Console } from "../context.tsx";
import { formOf } from "../giving.ts";
import { Check, type Errors, FormError, Input } from "../parts/field.tsx";
import { Chip, Empty, Notice, Post } from "../parts/small.tsx";
import { Marked } from "../parts/text.tsx";
import { Time } from "../parts/time.tsx";

const SCOPE_WORDS: Record<Scope, string> = {
  read: "Read everything",
  write: "Create, edit and command personas",
  approve: "Approve in the sandbox",
  "approve:real": "Approve on real accounts too (needs the one above; shown as a token's approval)",
  metrics: "Read the metrics",
};
export function Tokens({ tokens, now, typed = {}, errors = {}, secret }: {
  tokens: TokenInfo[];
  now: number;
  typed?: Record<string, string>;
  errors?: Errors;
  /** Of the one that was just made: shown this once. */
  secret?: string;
}) {
  return (
    <section class="panel stack" id="tokens">
      <h2>Tokens for programs</h2>
      {secret !== undefined && (
        <Notice tone="ok">
          Copy it now; it is not shown again:
          <pre class="data">{secret}</pre>
        </Notice>
      )}
      {tokens.length === 0 && (
        <Empty title="No tokens">
          A program that uses the API sends one as <code>Authorization: Bearer …</code>
        </Empty>
      )}
      {tokens.length > 0 && (
        <table class="table stacking">
          <thead>
            <tr>
              <th>Name</th>
              <th>May</th>
              <th>Last used</th>
              <th></th>
            </tr>
          </thead>
          <tbody>
            {tokens.map((token) => (
              <tr>
                <td class="name">
                  <Marked text={token.name} />
                </td>
                <td class="wide">
                  <span class="chips">{token.scopes.map((scope) => <Chip>{scope}</Chip>)}</span>
                </td>
                <td class="small soft">
                  {token.lastUsedAt === null ? "never" : <Time at={token.lastUsedAt} zone="UTC" now={now} />}
                  {token.expiresAt !== null && (
                    <>
                      , until <Time at={token.expiresAt} zone="UTC" now={now} />
                    </>
                  )}
                </td>
                <td>
                  <Post action={`/settings/tokens/${token.id}/revoke`}>
                    <button class="btn danger">Revoke</button>
                  </Post>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Post action="/settings/tokens" class="stack">
        <FormError errors={errors} />
        <div class="two">
          <Input
            name="name"
            label="Name"
            scope="token"
            value={typed.name}
            errors={errors}
            hint="What uses it: nightly report."
            maxlength={64}
          />
          <Input
            name="days"
            label="Ends after days"
            scope="token"
            value={typed.days}
            errors={errors}
            hint="May be empty: then it does not end."
          />
        </div>
        <fieldset class="stack">
          {SCOPES.map((scope) => (
            <Check
              name={`scope-${scope}`}
              label={
                <>
                  {SCOPE_WORDS[scope]} <code class="faint">{scope}</code>
                </>
              }
              checked={typed[`scope-${scope}`] !== undefined ||
                (scope === "read" && Object.keys(typed).length === 0)}
            />
          ))}
          {errors.scopes !== undefined && <span class="error" role="alert">{errors.scopes}</span>}
        </fieldset>
        <div class="row">
          <button class="btn">Make a token</button>
        </div>
      </Post>
    </section>
  );
}

export async function createToken(c: Context, con: Console): Promise<Response> {
  const typed = await formOf(c);
  const { tokens } = con.access;
  const again = async (errors: Errors) =>
    pieces(c, [
      partial(
        "#tokens",
        "outerHTML",
        <Tokens
          tokens={await tokens.list()}
          now={con.now()}
          typed={{ ...typed, sent: "1" }}
          errors={errors}
        />,
      ),
    ], 422);
  const scopes = SCOPES.filter((scope) => typed[`scope-${scope}`] !== undefined);
  const name = (typed.name ?? "").trim();
  const days = (typed.days ?? "").trim();
  if (name === "") return await again({ name: "Give it a name." });
  if (days !== "" && !/^[1-9]\d{0,3}$/.test(days)) {
    return await again({ days: "Say a whole number of days, up to 9999." });
  }
  if (scopes.length === 0) return await again({ scopes: "Say what it may do." });
  if (scopes.includes("approve:real")) {
    if (!scopes.includes("approve")) {
      return await again({ scopes: "Approving on real accounts needs approving in the sandbox too." });
    }
    const refusal = refuseUnless(c, "tokens.grant_real_approval", null);
    if (refusal) return refusal;
  }
  const principal = principalOf(c);
  const made = await tokens.create({
    name: name.slice(0, 64),
    scopes,
    userId: principal.kind === "user" ? principal.id : null,
    expiresAt: days === "" ? null : new Date(con.now() + Number(days) * 86_400_000).toISOString(),
  });
  if (made === null) {
    return await again({ form: `There are ${MAX_TOKENS} tokens already: revoke one first.` });
  }
  return pieces(c, [
    partial(
      "#tokens",
      "outerHTML",
      <Tokens tokens={await tokens.list()} now={con.now()} secret={made.token} />,
    ),
  ]);
}

export async function revokeToken(c: Context, con: Console): Promise<Response> {
  await con.access.tokens.revoke(c.req.param("tokenId") ?? "");
  const tokens = await con.access.tokens.list();
  return pieces(c, [
    partial("#tokens", "outerHTML", <Tokens tokens={tokens} now={con.now()} />),
    flash("Revoked."),
  ]);
}
