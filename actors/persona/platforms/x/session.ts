import { signedHeader } from "./oauth1.ts";
import { renew } from "./oauth2.ts";
import { type Meaning, meaningOf } from "./outcome.ts";
import { type Answer, request, REQUEST_DEADLINE_MS } from "./request.ts";
import { confidential, type Grant, readSecret, writeSecret, type XSecret } from "./secret.ts";
import type { Failure, XContext } from "./x_port.ts";

/** What OAuth 1.0a signs over, wherever a request is sent in a test. */
const SIGNED_ORIGIN = "https://api.x.com";
/** Access that ends so soon is renewed before it is used. */
const RENEW_BEFORE_MS = 60_000;
/** Earlier forms of the secret that a call may still carry. */
const MAX_TEXTS = 4;

export interface XOptions {
  /** ms since the epoch. @default Date.now */
  now?: () => number;
  /** Never the same twice. @default crypto.randomUUID */
  newNonce?: () => string;
  /** For each request, its body included. @default REQUEST_DEADLINE_MS */
  deadlineMs?: number;
}

export interface Call {
  method: "GET" | "POST" | "DELETE";
  /** Without the query, such as `/2/tweets`. */
  path: string;
  query?: Record<string, string>;
  json?: unknown;
}

/** `ok` with the body of the answer. */
export type Called = Meaning;

type Renewed = { kind: "renewed"; grant: Grant } | Failure;

/**
 * The session of one connection: sends calls with its credentials, and renews access once at a time, however many calls
 * find it ended. X's refresh tokens are taken as good for one use: a new pair is kept (`keepSecret`) before it is used,
 * and one that could not be kept is held here and kept first the next time, since the old one is spent.
 */
export class Session {
  readonly #first: XContext;
  #secret: XSecret;
  #texts: Set<string>;
  #renewing: Promise<Renewed> | null = null;
  #unkept: Grant | null = null;
  readonly now: () => number;
  readonly #newNonce: () => string;
  readonly #deadlineMs: number;

  constructor(context: XContext, options: XOptions = {}) {
    this.#first = context;
    this.#secret = readSecret(context.secret);
    this.#texts = new Set([context.secret]);
    this.now = options.now ?? Date.now;
    this.#newNonce = options.newNonce ?? (() => crypto.randomUUID());
    this.#deadlineMs = options.deadlineMs ?? REQUEST_DEADLINE_MS;
  }

  /** Whether `context` is of the same account and secret, be it as first given or as renewed since. */
  serves({ account, secret }: XContext): boolean {
    const own = this.#first.account;
    return own.accountId === account.accountId && own.service === account.service && this.#texts.has(secret);
  }

  /** Null for OAuth 1.0a, whose keys carry none. */
  get scopes(): string[] | null {
    return this.#secret.kind === "oauth2" ? this.#secret.scopes : null;
  }

  /** ms since the epoch; null for OAuth 1.0a, whose keys last. */
  get expiresAt(): number | null {
    return this.#secret.kind === "oauth2" ? this.#secret.expiresAt : null;
  }

  /** One call. A 401 is a definite no, so that after a renewal the same may be sent once more. */
  async call(context: XContext, call: Call): Promise<Called> {
    let secret = this.#secret;
    if (secret.kind === "oauth2" && this.#ends(secret)) {
      const renewed = await this.#renew(context, secret);
      if (renewed.kind !== "renewed") return renewed;
      secret = { kind: "oauth2", ...renewed.grant };
    }
    const first = await this.#send(context, call, secret);
    if (!isUnauthorized(first) || secret.kind !== "oauth2" || secret.refreshToken === null) {
      return this.#judged(first);
    }
    const renewed = await this.#renew(context, secret);
    if (renewed.kind !== "renewed") return renewed;
    return this.#judged(await this.#send(context, call, { kind: "oauth2", ...renewed.grant }));
  }

  #ends({ expiresAt, refreshToken }: Grant): boolean {
    return expiresAt <= this.now() + (refreshToken === null ? 0 : RENEW_BEFORE_MS);
  }

  async #send(context: XContext, { method, path, query, json }: Call, secret: XSecret): Promise<Answer> {
    const search = query === undefined ? "" : `?${new URLSearchParams(query)}`;
    const authorization = secret.kind === "oauth2" ? `Bearer ${secret.accessToken}` : await signedHeader({
      url: `${SIGNED_ORIGIN}${path}${search}`,
      method,
      at: this.now(),
      nonce: this.#newNonce(),
    }, secret);
    return await request({
      url: `${context.account.service}${path}${search}`,
      method,
      headers: { authorization, ...(json === undefined ? {} : { "content-type": "application/json" }) },
      body: json === undefined ? undefined : JSON.stringify(json),
      signal: context.signal,
      deadlineMs: this.#deadlineMs,
    });
  }

  #judged(answer: Answer): Called {
    return meaningOf(answer, { now: this.now(), confidential: confidential(this.#secret) });
  }

  /** Not bound to the signal of the call that began it: others may be waiting for the same renewal. */
  async #renew(context: XContext, used: Grant): Promise<Renewed> {
    const current = this.#secret;
    if (current.kind === "oauth2" && current.accessToken !== used.accessToken) {
      return { kind: "renewed", grant: current };
    }
    this.#renewing ??= this.#renewOnce(context, used).finally(() => this.#renewing = null);
    return await this.#renewing;
  }

  async #renewOnce(context: XContext, used: Grant): Promise<Renewed> {
    if (this.#unkept === null) {
      const granted = await renew(used, {
        service: context.account.service,
        now: this.now,
        signal: new AbortController().signal,
        deadlineMs: this.#deadlineMs,
      });
      if (granted.kind !== "granted") return notAsked(granted);
      this.#unkept = granted.grant;
    }
    return await this.#adopt(context, this.#unkept);
  }

  async #adopt(context: XContext, grant: Grant): Promise<Renewed> {
    const secret: XSecret = { kind: "oauth2", ...grant };
    const text = writeSecret(secret);
    try {
      await context.keepSecret(text);
    } catch (error) {
      // The reason goes to a page; what the vault said of a secret does not.
      const name = error instanceof Error ? error.name : "unknown error";
      return { kind: "not_sent", reason: `the renewed access could not be kept (${name})` };
    }
    this.#unkept = null;
    this.#secret = secret;
    this.#texts = new Set([...[...this.#texts].slice(1 - MAX_TEXTS), text]);
    return { kind: "renewed", grant };
  }
}

function isUnauthorized(answer: Answer): boolean {
  return answer.kind === "answered" && answer.status === 401 && answer.body !== null;
}

/** What was asked for was not sent at all, whatever became of the renewal. */
function notAsked(failure: Failure): Failure {
  return failure.kind === "uncertain" || failure.kind === "not_sent"
    ? { kind: "not_sent", reason: `renewing access failed: ${failure.reason}` }
    : failure;
}
