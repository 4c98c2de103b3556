import { type AdapterContext, type Failure, type Noted, PlatformFailed, type Spent } from "../port.ts";
import { endOf } from "./jwt.ts";
import { windowOf } from "./rate_limit.ts";
import { type BlueskySecret, readSecret, readTokens, type Tokens, writeSecret } from "./secret.ts";
import { xrpc, type XrpcAnswer, type XrpcRequest } from "./xrpc.ts";

/** What a call with a session came to: the answer, or why it never got as far as being sent. */
export type Called = Exclude<XrpcAnswer, { kind: "refused" }> | Refused | { kind: "dead"; reason: string };
type Refused = Extract<XrpcAnswer, { kind: "refused" }>;

export interface Call extends Pick<XrpcRequest, "method" | "params" | "input" | "file"> {
  /** For the books: Bluesky takes no money, but counts. */
  what: Spent["what"];
}

export interface SessionOptions {
  now: () => number;
  deadlineMs: number;
}

/** The server says that the access token is the trouble, not what was asked. */
const tokenErrors = new Set(["ExpiredToken", "InvalidToken", "AuthenticationRequired", "AuthMissing"]);
/** A person has to act on the account itself. */
const accountErrors = new Map([
  ["AccountTakedown", "the server has taken the account down"],
  ["AccountDeactivated", "the account is deactivated"],
  ["AccountSuspended", "the server has suspended the account"],
]);

/** Earlier forms of the secret that a call may still carry. */
const MAX_TEXTS = 4;
/** A renewal takes access that ends within this as ended. */
const NEARLY_ENDED_MS = 600_000;

type Heard = (headers: Headers) => void;
/** What a session needs of a call's context. */
type Context = Omit<AdapterContext, "media" | "leave">;
type Renewed = { kind: "renewed"; tokens: Tokens } | Exclude<Called, { kind: "ok" | "refused" }>;

/**
 * The session of one connection: sends calls with its access token and renews it, once at a time however many calls
 * find it expired. A renewed token is kept (`keepSecret`) before it is used: the old refresh token still works for a
 * while and gives the same next one, so a crash between the two loses nothing.
 */
export class Session {
  #context: Context;
  #secret: BlueskySecret;
  #texts: Set<string>;
  #renewing: Promise<Renewed> | null = null;

  constructor(context: Context, private readonly options: SessionOptions) {
    this.#context = context;
    this.#secret = readSecret(context.secret);
    this.#texts = new Set([context.secret]);
  }

  /** Whether `context` is of the same account and secret, be it as first given or as renewed since. */
  serves({ account, secret }: Context): boolean {
    const own = this.#context.account;
    return own.accountId === account.accountId && own.service === account.service && this.#texts.has(secret);
  }

  /** One call, and what it told is noted. */
  async call(context: Context, call: Call): Promise<Called> {
    const { now } = this.options;
    const told: Noted = {};
    const heard = (headers: Headers) => {
      const window = windowOf(headers, call.what, now());
      if (window !== null) told.windows = [window];
    };
    const called = await this.#callSignedIn(context, call, heard);
    if (called.kind === "ok") told.spent = [{ what: call.what, count: 1, microUsd: 0 }];
    note(context, called, told);
    return called;
  }

  /** Renews where access has nearly ended, and asks the server whose session it is. */
  async check(context: Context): Promise<Called> {
    const used = this.#secret.session;
    const end = endOf(used.accessJwt);
    if (end !== null && end - this.options.now() < NEARLY_ENDED_MS) {
      const renewed = await this.#renew(context, used);
      if (renewed.kind !== "renewed") {
        note(context, renewed, {});
        return renewed;
      }
    }
    return await this.call(context, { method: "com.atproto.server.getSession", what: "other" });
  }

  async #callSignedIn(context: Context, call: Call, heard: Heard): Promise<Called> {
    const used = this.#secret.session;
    const answer = await this.#send(context, call, used, heard);
    if (!isTokenTrouble(answer)) return this.#orDead(answer);
    const renewed = await this.#renew(context, used);
    if (renewed.kind !== "renewed") return renewed;
    const second = await this.#send(context, call, renewed.tokens, heard);
    return isTokenTrouble(second) ? { kind: "dead", reason: signInReason } : this.#orDead(second);
  }

  #send(context: Context, call: Call, tokens: Tokens, heard: Heard): Promise<XrpcAnswer> {
    const { service } = this.#context.account;
    const { deadlineMs, now } = this.options;
    const { method, params, input, file } = call;
    const { signal } = context;
    const token = tokens.accessJwt;
    return xrpc({ service, method, params, input, file, token, signal, deadlineMs, heard }, now);
  }

  #orDead(answer: XrpcAnswer): Called {
    const reason = answer.kind === "refused" ? accountErrors.get(answer.error) : undefined;
    return reason === undefined ? answer : { kind: "dead", reason };
  }

  /** Not bound to the signal of the call that began it: others may be waiting for the same renewal. */
  #renew(context: Context, used: Tokens): Promise<Renewed> {
    if (this.#secret.session !== used) {
      return Promise.resolve({ kind: "renewed", tokens: this.#secret.session });
    }
    this.#renewing ??= this.#renewOnce(context).finally(() => this.#renewing = null);
    return this.#renewing;
  }

  async #renewOnce(context: Context): Promise<Renewed> {
    let answer = await this.#ask("com.atproto.server.refreshSession", this.#secret.session.refreshJwt, null);
    if (answer.kind === "refused" && !accountErrors.has(answer.error)) {
      const { password } = this.#secret;
      const input = { identifier: context.account.accountId, password };
      answer = await this.#ask("com.atproto.server.createSession", undefined, input);
    }
    switch (answer.kind) {
      case "ok":
        return await this.#adopt(context, answer.body);
      case "refused":
        return { kind: "dead", reason: accountErrors.get(answer.error) ?? signInReason };
      case "limited":
        return answer;
      case "unreachable":
      case "unclear":
        // What was asked for was not sent at all.
        return { kind: "unreachable", reason: `signing in failed: ${answer.reason}` };
    }
  }

  #ask(method: string, token: string | undefined, input: unknown): Promise<XrpcAnswer> {
    const { service } = this.#context.account;
    const { deadlineMs, now } = this.options;
    return xrpc({ service, method, token, input, signal: new AbortController().signal, deadlineMs }, now);
  }

  async #adopt(context: Context, body: Record<string, unknown>): Promise<Renewed> {
    const tokens = readTokens(body);
    if (tokens === null) {
      return { kind: "unreachable", reason: "signing in failed: the server sent no session" };
    }
    if (body.did !== context.account.accountId) {
      return { kind: "dead", reason: "the server signed in to another account" };
    }
    const secret = { ...this.#secret, session: tokens };
    const text = writeSecret(secret);
    try {
      await context.keepSecret(text);
    } catch (error) {
      // The reason goes to a page; what the vault said of a secret does not.
      const name = error instanceof Error ? error.name : "unknown error";
      return { kind: "unreachable", reason: `the renewed session could not be kept (${name})` };
    }
    this.#secret = secret;
    this.#texts = new Set([...[...this.#texts].slice(1 - MAX_TEXTS), text]);
    return { kind: "renewed", tokens };
  }
}

const waitReason = "the server asks to wait";
const signInReason = "the server does not accept the password or app password any more";

function isTokenTrouble(answer: XrpcAnswer): boolean {
  return answer.kind === "refused" && (tokenErrors.has(answer.error) || answer.status === 401);
}

/** A call that was given up says nothing of the server. */
function note(context: Context, called: Called, told: Noted): void {
  context.noted(context.signal.aborted ? told : { ...told, call: healthOf(called) });
}

/** Whether the server serves this connection, in words of our own: a refusal in XRPC's form is an answer as well. */
function healthOf(called: Called): Exclude<Noted["call"], undefined> {
  switch (called.kind) {
    case "ok":
      return { ok: true };
    case "refused":
      return called.error === ""
        ? { ok: false, error: `the server answered ${called.status}` }
        : { ok: true };
    case "limited":
      return { ok: false, error: waitReason };
    case "unreachable":
    case "unclear":
    case "dead":
      return { ok: false, error: called.reason };
  }
}

/** A call that did not succeed, as an outcome of a post. */
export function toFailure(called: Exclude<Called, { kind: "ok" }>): Failure {
  switch (called.kind) {
    case "refused":
      return { kind: "rejected", reason: refusal(called) };
    case "limited":
      return { kind: "rate_limited", until: called.until, reason: waitReason };
    case "unreachable":
      return { kind: "not_sent", reason: called.reason };
    case "unclear":
      return { kind: "uncertain", reason: called.reason };
    case "dead":
      return { kind: "auth_dead", reason: called.reason };
  }
}

function refusal({ status, error, message }: Refused): string {
  const words = [error, message].filter((word) => word !== "").join(": ");
  return words === "" ? `the server refused it (${status})` : `the server refused it: ${words}`;
}

/** A read that could not be done; `outcome` says why, in the port's words. */
export class CallFailed extends PlatformFailed {
  override name = "CallFailed";
  constructor(outcome: Failure) {
    super(outcome);
  }
}
