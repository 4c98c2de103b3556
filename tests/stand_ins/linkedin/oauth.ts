/** OAuth 2.0 of www.linkedin.com: consent, code, tokens, introspection. */
import type { Answer } from "./answers.ts";
import type { Token, World } from "./world.ts";

export const ACCESS_SECONDS = 60 * 86_400;
export const REFRESH_SECONDS = 365 * 86_400;
export const CODE_SECONDS = 30 * 60;
const MAX_PENDING = 1_000;

interface Consent {
  redirectUri: string;
  scopes: string[];
  state: string | null;
}

interface Code extends Consent {
  member: string;
  at: number;
}

const NO_MATCH = "Unable to retrieve access token: appid/redirect uri/code verifier does not match " +
  "authorization code. Or authorization code expired. Or external member binding exists";

export class OAuth {
  readonly #consents = new Map<string, Consent>();
  readonly #codes = new Map<string, Code>();

  constructor(readonly world: World) {}

  /** The page with the question; its two buttons post to `/oauth/v2/authorization/decision`. */
  page(search: URLSearchParams): Answer {
    const consent = this.#ask(search);
    if ("status" in consent) return consent;
    const option = this.world.members.map(({ id, givenName, familyName }) =>
      `<option value="${escapeHtml(id)}">${escapeHtml(`${givenName} ${familyName}`)}</option>`
    ).join("");
    return {
      status: 200,
      html: `<!doctype html><html lang="en"><title>Sign in with LinkedIn (stand-in)</title>
<h1>An application asks for your leave</h1>
<ul>${consent.scopes.map((scope) => `<li>${escapeHtml(scope)}</li>`).join("")}</ul>
<form method="post" action="/oauth/v2/authorization/decision">
<input type="hidden" name="consent" value="${escapeHtml(consent.id)}">
<label>Member <select name="member">${option}</select></label>
<button name="decision" value="allow">Allow</button>
<button name="decision" value="cancel">Cancel</button>
</form></html>`,
    };
  }

  /** What the page's buttons do. A consent is good for one decision. */
  decide(form: URLSearchParams): Answer {
    const consent = this.#consents.get(form.get("consent") ?? "");
    this.#consents.delete(form.get("consent") ?? "");
    if (consent === undefined) return bummer("The question was answered already");
    const member = this.world.member(form.get("member") ?? "");
    if (form.get("decision") !== "allow" || member === undefined) {
      return back(consent, {
        error: "user_cancelled_authorize",
        error_description: "The user cancelled the authorization",
      });
    }
    const code = this.world.nextSecret("AQT", 180);
    remember(this.#codes, code, { ...consent, member: member.id, at: this.world.now() });
    return back(consent, { code });
  }

  /** The page and its decision at once: where the browser would be sent. */
  consent(url: string, member: string, allow: boolean): string {
    const consent = this.#ask(new URL(url).searchParams);
    const answer = "status" in consent ? consent : this.decide(
      new URLSearchParams({ consent: consent.id, member, decision: allow ? "allow" : "cancel" }),
    );
    const location = answer.headers?.location;
    if (location === undefined) throw new Error(`LinkedIn showed a page instead: ${answer.html}`);
    return location;
  }

  /** `POST /oauth/v2/accessToken`. */
  token(form: URLSearchParams): Answer {
    const { application } = this.world;
    const grant = form.get("grant_type");
    const names = grant === "refresh_token"
      ? ["grant_type", "client_id", "client_secret", "refresh_token"]
      : ["grant_type", "client_id", "client_secret", "code", "redirect_uri"];
    for (const name of names) {
      if (!form.get(name)) return wrong(400, "invalid_request", `A required parameter "${name}" is missing`);
    }
    if (form.get("client_id") !== application.clientId) {
      return wrong(401, "invalid_client", "Client authentication failed");
    }
    if (form.get("client_secret") !== application.clientSecret) {
      return wrong(401, "invalid_client", "Client authentication failed");
    }
    if (grant === "authorization_code") return this.#exchange(form);
    if (grant === "refresh_token") return this.#refresh(form);
    return wrong(400, "unsupported_grant_type", `Grant type ${grant} is not supported`);
  }

  /** `POST /oauth/v2/introspectToken`. */
  introspect(form: URLSearchParams): Answer {
    const { application } = this.world;
    if (
      form.get("client_id") !== application.clientId ||
      form.get("client_secret") !== application.clientSecret
    ) return wrong(401, "invalid_client", "Client authentication failed");
    const token = this.world.tokens.find(({ text }) => text === form.get("token"));
    if (token === undefined) return { status: 200, body: { active: false } };
    const status = token.revoked ? "revoked" : token.expiresAt <= this.world.now() ? "expired" : "active";
    return {
      status: 200,
      body: {
        active: status === "active",
        client_id: application.clientId,
        authorized_at: seconds(token.authorizedAt),
        created_at: seconds(token.createdAt),
        status,
        expires_at: seconds(token.expiresAt),
        scope: token.scopes.join(","),
        auth_type: "3L",
      },
    };
  }

  /** A grant, as after a member's consent. Another set of scopes than before voids every earlier token. */
  grant(member: string, scopes: string[], refreshOf?: Token): { access: Token; refresh: Token | null } {
    const now = this.world.now();
    const same = (token: Token) => [...token.scopes].sort().join() === [...scopes].sort().join();
    for (const token of this.world.tokens) {
      if (token.member === member && !same(token)) token.revoked = true;
    }
    const make = (kind: Token["kind"], expiresAt: number): Token => {
      const text = this.world.nextSecret(kind === "access" ? "AQV" : "AQW");
      const authorizedAt = refreshOf?.authorizedAt ?? now;
      return { text, kind, member, scopes, authorizedAt, createdAt: now, expiresAt, revoked: false };
    };
    const refresh = refreshOf ??
      (this.world.application.refresh ? make("refresh", now + REFRESH_SECONDS * 1_000) : null);
    const longest = now + ACCESS_SECONDS * 1_000;
    const access = make("access", Math.min(longest, refresh?.expiresAt ?? longest));
    this.world.tokens.push(access);
    if (refresh !== null && refresh !== refreshOf) this.world.tokens.push(refresh);
    return { access, refresh };
  }

  #ask(search: URLSearchParams): Consent & { id: string } | Answer {
    const { application } = this.world;
    const redirectUri = search.get("redirect_uri") ?? "";
    if (search.get("client_id") !== application.clientId) return bummer("Client_id doesn't match");
    if (!application.redirectUris.includes(redirectUri)) return bummer("Redirect_uri doesn't match");
    const scopes = (search.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
    const consent = { redirectUri, scopes, state: search.get("state") };
    if (search.get("response_type") !== "code") {
      return back(consent, { error: "invalid_request", error_description: "response_type must be code" });
    }
    const foreign = scopes.find((scope) => !application.scopes.includes(scope));
    if (scopes.length === 0 || foreign !== undefined) {
      return back(consent, {
        error: "unauthorized_scope_error",
        error_description: `Scope "${foreign ?? ""}" is not authorized for your application`,
      });
    }
    const id = this.world.nextSecret("consent-", 40);
    remember(this.#consents, id, consent);
    return { ...consent, id };
  }

  #exchange(form: URLSearchParams): Answer {
    const code = this.#codes.get(form.get("code") ?? "");
    this.#codes.delete(form.get("code") ?? "");
    if (code === undefined) {
      const why = "Unable to retrieve access token: authorization code not found";
      return wrong(401, "invalid_request", why);
    }
    // A verifier has nothing to match: this flow knows no PKCE.
    if (form.has("code_verifier") || form.get("redirect_uri") !== code.redirectUri) {
      return wrong(400, "invalid_redirect_uri", NO_MATCH);
    }
    if (this.world.now() - code.at > CODE_SECONDS * 1_000) return wrong(400, "invalid_request", NO_MATCH);
    return this.#given(this.grant(code.member, code.scopes));
  }

  #refresh(form: URLSearchParams): Answer {
    const token = this.world.tokens.find(({ kind, text }) =>
      kind === "refresh" && text === form.get("refresh_token")
    );
    if (token === undefined || token.revoked || token.expiresAt <= this.world.now()) {
      const why = "The provided authorization grant or refresh token is invalid, expired or revoked";
      return wrong(400, "invalid_request", why);
    }
    return this.#given(this.grant(token.member, token.scopes, token));
  }

  #given({ access, refresh }: { access: Token; refresh: Token | null }): Answer {
    const left = (token: Token) => Math.floor((token.expiresAt - this.world.now()) / 1_000);
    return {
      status: 200,
      headers: { "cache-control": "no-store" },
      body: {
        access_token: access.text,
        expires_in: left(access),
        ...(refresh === null ? {} : { refresh_token: refresh.text, refresh_token_expires_in: left(refresh) }),
        scope: access.scopes.join(","),
        token_type: "Bearer",
      },
    };
  }
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > MAX_PENDING && oldest !== undefined) map.delete(oldest);
}

function back({ redirectUri, state }: Consent, parameters: Record<string, string>): Answer {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  if (state !== null) url.searchParams.set("state", state);
  return { status: 303, headers: { location: url.href } };
}

/** What a member sees where LinkedIn does not trust the address enough to send anybody back to it. */
function bummer(why: string): Answer {
  return {
    status: 401,
    html: `<!doctype html><title>LinkedIn (stand-in)</title><h1>Bummer, something went wrong.</h1><p>${
      escapeHtml(why)
    }</p>`,
  };
}

function wrong(status: number, error: string, description: string): Answer {
  return { status, body: { error, error_description: description } };
}

function seconds(ms: number): number {
  return Math.floor(ms / 1_000);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
