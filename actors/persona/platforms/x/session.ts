import type { AdapterContext, Failure } from "../port.ts";
import { type Asks, plainly, readingOf, windowsOf } from "./calls.ts";
import { KnownNames } from "./names.ts";
import { signedHeader } from "./oauth1.ts";
import { renew } from "./oauth2.ts";
import { type Meaning, meaningOf } from "./outcome.ts";
import type { Uploads } from "./pictures.ts";
import { type Answer, request, REQUEST_DEADLINE_MS } from "./request.ts";
import { confidential, type Grant, readSecret, writeSecret, type XSecret } from "./secret.ts";

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
  /** Ends after so many ms, or with the signal. @default a timer */
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface Call {
  asks: Asks;
  method: "GET" | "POST" | "DELETE";
  /** Without the query, such as `/2/tweets`. */
  path: string;
  query?: Record<string, string>;
  json?: unknown;
  /** In place of `json`. */
  form?: FormData;
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
  readonly #first: AdapterContext;
  #secret: XSecret;
  #texts: Set<string>;
  #renewing: Promise<Renewed> | null = null;
  #unkept: Grant | null = null;
  readonly uploads: Uploads = new Map();
  readonly names = new KnownNames();
  readonly now: () => number;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly #newNonce: () => string;
  readonly #deadlineMs: number;

  constructor(context: AdapterContext, options: XOptions = {}) {
    this.#first = context;
    this.#secret = readSecret(context.secret);
    this.#texts = new Set([context.secret]);
    this.now = options.now ?? Date.now;
    this.wait = options.wait ?? pause;
    this.#newNonce = options.newNonce ?? (() => crypto.randomUUID());
    this.#deadlineMs = options.deadlineMs ?? REQUEST_DEADLINE_MS;
  }

  /** Whether `context` is of the same account and secret, be it as first given or as renewed since. */
  serves({ account, secret }: AdapterContext): boolean {
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

  /** One call; what it told of limits and cost is noted. */
  async call(context: AdapterContext, call: Call): Promise<Called> {
    const called = await this.#called(context, call);
    if (called.kind !== "ok") {
      context.noted({ call: { ok: false, error: plainly(called) } });
      return called;
    }
    const spent = readingOf(call.asks, called.body);
    context.noted({ call: { ok: true }, ...(spent.length === 0 ? {} : { spent }) });
    return called;
  }

  /** Renews access that ends within so many ms, where that can be done; null where it is as it should be. */
  async renewWithin(context: AdapterContext, ms: number): Promise<Failure | null> {
    const secret = this.#secret;
    if (secret.kind !== "oauth2" || secret.refreshToken === null) return null;
    if (secret.expiresAt > this.now() + ms) return null;
    const renewed = await this.#renew(context, secret);
    if (renewed.kind === "renewed") return null;
    context.noted({ call: { ok: false, error: plainly(renewed) } });
    return renewed;
  }

  /** A 401 is a definite no, so that after a renewal the same may be sent once more. */
  async #called(context: AdapterContext, call: Call): Promise<Called> {
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

  async #send(context: AdapterContext, call: Call, secret: XSecret): Promise<Answer> {
    const { asks, method, path, query, json, form } = call;
    const search = query === undefined ? "" : `?${new URLSearchParams(query)}`;
    const authorization = secret.kind === "oauth2" ? `Bearer ${secret.accessToken}` : await signedHeader({
      url: `${SIGNED_ORIGIN}${path}${search}`,
      method,
      at: this.now(),
      nonce: this.#newNonce(),
    }, secret);
    const answer = await request({
      url: `${context.account.service}${path}${search}`,
      method,
      headers: { authorization, ...(json === undefined ? {} : { "content-type": "application/json" }) },
      body: json === undefined ? form : JSON.stringify(json),
      signal: context.signal,
      deadlineMs: this.#deadlineMs,
    });
    const windows = answer.kind === "answered" ? windowsOf(asks, answer.headers) : [];
    if (windows.length > 0) context.noted({ windows });
    return answer;
  }

  #judged(answer: Answer): Called {
    return meaningOf(answer, { now: this.now(), confidential: confidential(this.#secret) });
  }

  /** Not bound to the signal of the call that began it: others may be waiting for the same renewal. */
  async #renew(context: AdapterContext, used: Grant): Promise<Renewed> {
    const current = this.#secret;
    if (current.kind === "oauth2" && current.accessToken !== used.accessToken) {
      return { kind: "renewed", grant: current };
    }
    this.#renewing ??= this.#renewOnce(context, used).finally(() => this.#renewing = null);
    return await this.#renewing;
  }

  async #renewOnce(context: AdapterContext, used: Grant): Promise<Renewed> {
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

  async #adopt(context: AdapterContext, grant: Grant): Promise<Renewed> {
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

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
    if (signal.aborted) done();
  });
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
