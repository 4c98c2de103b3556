/** What a persona's worker is provided with: the hosts that it may reach, and the secrets of its own connections. */
import { listLinkedServices } from "../../db/read/services.ts";
import { recordNoted, windowsOf } from "../../db/platform_use.ts";
import { getMediaOf } from "../../db/media.ts";
import { wordsOf } from "../../db/read/own_words.ts";
import type { Sql } from "../../db/sql.ts";
import type { Json } from "../wire.ts";
import type { Noted } from "../persona/platforms/port.ts";
import type { Verdict } from "../persona/policy/policy.ts";
import type { Vault } from "../../db/vault/vault.ts";
import { connectionSecret, SANDBOX_SERVICE } from "../persona/platforms/registry.ts";
import type { ActorSettings, Down, Up } from "../persona/protocol.ts";

export interface ProvisionsOptions {
  sql: Sql;
  vault: Vault;
  actor: ActorSettings;
  /** The key of the model, told to workers in a frame of its own. */
  modelKey: string | null;
  /** What the rules that look beyond one persona have against a post. */
  rules(personaId: string, postId: string): Promise<Verdict[]>;
  /** ms since the epoch. */
  now(): number;
  report(text: string): void;
}

type StartFrame = Extract<Down, { t: "secret" | "windows" }>;

/** Ids of foreign words that one question names at most: a flood is none. */
const MAX_REFS = 50;

export class Provisions {
  #options: ProvisionsOptions;

  constructor(options: ProvisionsOptions) {
    this.#options = options;
  }

  /** `host:port` of each, sorted. */
  async hostsOf(personaId: string): Promise<string[]> {
    const { sql, actor } = this.#options;
    const services = await listLinkedServices(sql, personaId);
    const origins = services.flatMap(({ service, platform }) => [
      service === SANDBOX_SERVICE ? actor.sandboxOrigin : service,
      // Its tokens are renewed at another host than the one that takes posts.
      ...(platform === "linkedin" ? [actor.linkedIn.webOrigin] : []),
    ]);
    if (actor.writer.kind === "openai") origins.push(actor.writer.baseUrl);
    return [...new Set(origins.map(hostAndPort))].sort();
  }

  async startFrames(personaId: string): Promise<StartFrame[]> {
    const { vault, modelKey, sql } = this.#options;
    const frames: StartFrame[] = await windowsOf(sql, personaId);
    for (const name of await this.#secretsOf(personaId)) {
      const kept = await vault.get(name);
      if (kept !== null) frames.push({ t: "secret", name, version: kept.version, value: kept.value });
    }
    if (modelKey !== null) frames.push({ t: "secret", name: "model", version: 1, value: modelKey });
    return frames;
  }

  /** Makes a changed secret durable, if it is the persona's own; `tell` gets the answer. */
  async keepSecret(
    personaId: string,
    { ask, name, version, value }: Extract<Up, { t: "keepSecret" }>,
    tell: (message: Down) => void,
  ): Promise<void> {
    const { vault, report } = this.#options;
    try {
      if (!(await this.#secretsOf(personaId)).includes(name)) throw new Error("this secret is not its own");
      const kept = await vault.put(name, version, value);
      // Without the one that is there it could never keep another.
      const there = kept.ok ? null : await vault.get(name);
      if (there !== null) tell({ t: "secret", name, ...there });
      tell({ t: "secretKept", ask, ok: kept.ok, version: kept.version });
    } catch (error) {
      report(`${personaId}: a secret was not kept: ${error instanceof Error ? error.name : "error"}`);
      tell({ t: "secretKept", ask, ok: false, version });
    }
  }

  async words(personaId: string, refs: string[]): Promise<(Json | null)[]> {
    if (refs.length > MAX_REFS) throw new Error(`at most ${MAX_REFS} words are given at once`);
    return await wordsOf(this.#options.sql, personaId, refs);
  }

  async media(personaId: string, sha256: string): Promise<string | null> {
    const found = await getMediaOf(this.#options.sql, personaId, sha256);
    return found === null ? null : found.data.toBase64();
  }

  async noted(personaId: string, connectionId: string, noted: Noted): Promise<void> {
    await recordNoted(this.#options.sql, personaId, connectionId, noted, this.#options.now());
  }

  async verdicts(personaId: string, postId: string): Promise<Verdict[]> {
    return await this.#options.rules(personaId, postId);
  }

  async #secretsOf(personaId: string): Promise<string[]> {
    return (await listLinkedServices(this.#options.sql, personaId)).map(({ id }) => connectionSecret(id));
  }
}

/** `host:port` of an origin, as `--allow-net` wants it. */
function hostAndPort(origin: string): string {
  const url = new URL(origin);
  return `${url.hostname}:${url.port || (url.protocol === "https:" ? "443" : "80")}`;
}
