import { type AdapterContext, PlatformFailed, type Spent } from "../port.ts";
import { type Answer, call, object } from "./call.ts";
import { noneUntil, oneCall } from "./day.ts";
import { healthOf } from "./health.ts";
import { refreshGrant } from "./oauth.ts";
import { failureOf, limitedUntil } from "./outcome.ts";
import { type Grant, type LinkedInSecret, readSecret, writeSecret } from "./secret.ts";

export interface SessionOptions {
  /** `YYYYMM`. */
  version: string;
  webOrigin: string;
  /** 0: not known. */
  callsADay: number;
  /** ms since the epoch. */
  now: () => number;
  deadlineMs: number;
}

export interface ApiCall {
  /** For the books. */
  what: Spent["what"];
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** One of the session's `origins`. @default that of the API */
  origin?: string;
  /** With its query, encoded. */
  path: string;
  body?: string | Uint8Array;
  /** Of the body. @default "application/json" */
  type?: string;
}

/** What a call came to: the answer, or that the leave is at its end. */
export type Called = Answer | { kind: "dead"; reason: string };

/** LinkedIn's serviceErrorCode of a 401: the member took the leave back. */
const REVOKED = 65601;
/** Earlier forms of the secret that a call may still carry. */
const MAX_TEXTS = 4;

type Renewed = { kind: "renewed"; grant: Grant } | Extract<Called, { kind: "dead" | "unreachable" }>;

/**
 * The grant of one connection: sends calls with its access token and renews it where the application may, once at a
 * time however many calls find it expired. A renewed grant is kept (`keepSecret`) before it is used; the refresh
 * token does not change by being used, so a crash between the two loses nothing.
 */
export class Session {
  readonly #account: AdapterContext["account"];
  #secret: LinkedInSecret;
  #texts: Set<string>;
  #renewing: Promise<Renewed> | null = null;

  constructor(context: AdapterContext, private readonly options: SessionOptions) {
    this.#account = context.account;
    this.#secret = readSecret(context.secret);
    this.#texts = new Set([context.secret]);
    if (this.#secret.author !== context.account.accountId) {
      throw new Error("the stored secret is of another LinkedIn account; link the account again");
    }
  }

  /** Where the token may be sent. */
  get origins(): string[] {
    return [this.#account.service, this.options.webOrigin];
  }

  get author(): string {
    return this.#secret.author;
  }

  get scopes(): string[] {
    return this.#secret.grant.scopes;
  }

  now(): number {
    return this.options.now();
  }

  /** Whether `context` is of the same account and secret, be it as first given or as renewed since. */
  serves({ account, secret }: AdapterContext): boolean {
    return this.#account.accountId === account.accountId && this.#account.service === account.service &&
      this.#texts.has(secret);
  }

  /** A 401 is LinkedIn's word that nothing was done: only after one is a call sent a second time. */
  async call(context: AdapterContext, api: ApiCall): Promise<Called> {
    let used = this.#secret.grant;
    if (used.accessUntil <= this.options.now()) {
      const renewed = await this.#renew(context, used);
      if (renewed.kind !== "renewed") return renewed;
      used = renewed.grant;
    }
    const answer = await this.#send(context, api, used);
    if (!isUnauthorized(answer)) return answer;
    if (answer.refusal.serviceCode === REVOKED) {
      return { kind: "dead", reason: "the member has taken the leave back on LinkedIn" };
    }
    const renewed = await this.#renew(context, used);
    if (renewed.kind !== "renewed") return renewed;
    const second = await this.#send(context, api, renewed.grant);
    return isUnauthorized(second)
      ? { kind: "dead", reason: "LinkedIn does not accept a new token either" }
      : second;
  }

  async #send(context: AdapterContext, api: ApiCall, grant: Grant): Promise<Answer> {
    const { version, deadlineMs } = this.options;
    const { clientSecret } = this.#secret;
    const { what, method, origin = this.#account.service, path, body, type = "application/json" } = api;
    const asked = !context.signal.aborted;
    const answer = await call({
      origin,
      method,
      path,
      headers: apiHeaders(grant.access, version, body === undefined ? null : type),
      body,
      secrets: [grant.access, clientSecret, ...(grant.refresh === null ? [] : [grant.refresh.token])],
      signal: context.signal,
      deadlineMs,
    });
    if (asked) this.#note(context, what, origin, answer);
    return answer;
  }

  /** What a call told, in our own words: neither a secret nor what others say is in it. */
  #note(context: AdapterContext, what: Spent["what"], origin: string, answer: Answer): void {
    const call = healthOf(answer);
    if (answer.kind === "unreachable") return context.noted({ call });
    const now = this.now();
    // What is uploaded goes past the API.
    const taken = origin === this.#account.service ? oneCall(this.options.callsADay, now) : [];
    const refusal = answer.kind === "refused" && answer.refusal.status === 429 ? answer.refusal : null;
    const windows = refusal === null
      ? []
      : [noneUntil(limitedUntil(refusal.retryAfter, now), refusal.message)];
    context.noted({
      call,
      spent: [{ what, count: 1, microUsd: 0 }],
      ...(taken.length === 0 ? {} : { taken }),
      ...(windows.length === 0 ? {} : { windows }),
    });
  }

  /** Renews a leave that ends within `ms`, where it can be; null where there is nothing to do. */
  async renewWithin(context: AdapterContext, ms: number): Promise<Renewed | null> {
    const { grant } = this.#secret;
    const renewable = grant.refresh !== null && grant.refresh.until > this.now();
    return renewable && grant.accessUntil - this.now() <= ms ? await this.#renew(context, grant) : null;
  }

  get accessUntil(): number {
    return this.#secret.grant.accessUntil;
  }

  /** Not bound to the signal of the call that began it: others may be waiting for the same renewal. */
  #renew(context: AdapterContext, used: Grant): Promise<Renewed> {
    const { grant } = this.#secret;
    if (grant !== used) return Promise.resolve({ kind: "renewed", grant });
    if (grant.refresh === null || grant.refresh.until <= this.options.now()) {
      const until = new Date(grant.refresh?.until ?? grant.accessUntil).toISOString().slice(0, 10);
      const reason = grant.accessUntil <= this.options.now()
        ? `the leave on LinkedIn ended on ${until}`
        : "LinkedIn does not accept the token any more";
      return Promise.resolve({ kind: "dead", reason });
    }
    this.#renewing ??= this.#renewOnce(context).finally(() => this.#renewing = null);
    return this.#renewing;
  }

  async #renewOnce(context: AdapterContext): Promise<Renewed> {
    const granted = await refreshGrant(this.#secret, this.options);
    context.noted({
      call: granted.kind === "granted"
        ? { ok: true }
        : { ok: false, error: "The leave on LinkedIn could not be renewed." },
    });
    switch (granted.kind) {
      case "granted":
        return await this.#adopt(context, granted.grant);
      case "refused":
        return { kind: "dead", reason: `the leave on LinkedIn cannot be renewed: ${granted.reason}` };
      case "failed":
        // What was asked for was not sent at all.
        return { kind: "unreachable", reason: `renewing the leave on LinkedIn failed: ${granted.reason}` };
    }
  }

  async #adopt(context: AdapterContext, grant: Grant): Promise<Renewed> {
    const secret = { ...this.#secret, grant };
    const text = writeSecret(secret);
    try {
      await context.keepSecret(text);
    } catch (error) {
      // The reason goes to a page; what the vault said of a secret does not.
      const name = error instanceof Error ? error.name : "unknown error";
      return { kind: "unreachable", reason: `the renewed leave could not be kept (${name})` };
    }
    this.#secret = secret;
    this.#texts = new Set([...[...this.#texts].slice(1 - MAX_TEXTS), text]);
    return { kind: "renewed", grant };
  }
}

/** @param type of the body; null where there is none */
export function apiHeaders(access: string, version: string, type: string | null): Record<string, string> {
  return {
    accept: "application/json",
    authorization: `Bearer ${access}`,
    "linkedin-version": version,
    "x-restli-protocol-version": "2.0.0",
    ...(type === null ? {} : { "content-type": type }),
  };
}

function isUnauthorized(answer: Answer): answer is Extract<Answer, { kind: "refused" }> {
  return answer.kind === "refused" && answer.refusal.status === 401;
}

export function isForbidden(called: Called): boolean {
  return called.kind === "refused" && called.refusal.status === 403;
}

/** The objects of a list, as Rest.li pages it. Throws `PlatformFailed` where it could not be read. */
export async function readList(
  session: Session,
  context: AdapterContext,
  path: string,
): Promise<Record<string, unknown>[]> {
  const called = await session.call(context, { what: "read", method: "GET", path });
  if (called.kind !== "ok") {
    const failure = failureOf(called, session.now());
    // Not to be let read is no reason to pause what may be written: the connection is not lost by it.
    throw new PlatformFailed(isForbidden(called) ? { kind: "rejected", reason: failure.reason } : failure);
  }
  const elements = called.body?.elements;
  if (!Array.isArray(elements)) throw unreadable();
  return elements.map(object);
}

export function unreadable(): PlatformFailed {
  return new PlatformFailed({ kind: "uncertain", reason: "LinkedIn's answer was not readable" });
}
