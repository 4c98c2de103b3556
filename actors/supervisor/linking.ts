/** Linking accounts to personas. Credentials go from the request to the vault; commands and events never hold them. */
import type { EventLog } from "../../db/log/log.ts";
import { getPersona } from "../../db/read/personas.ts";
import { connectionOf, ownerOfAccount } from "../../db/read/services.ts";
import { createSandboxAccount } from "../../db/sandbox/sandbox.ts";
import type { Sql } from "../../db/sql.ts";
import type { Vault } from "../../db/vault/vault.ts";
import { hashJson } from "../persona/content.ts";
import type { ConnectionInfo } from "../persona/events.ts";
import { setBotLabel } from "../persona/platforms/bluesky/bot_label.ts";
import { connectBluesky } from "../persona/platforms/bluesky/connect.ts";
import type { HostRules } from "../persona/platforms/hosts.ts";
import { connectionSecret, SANDBOX_SERVICE } from "../persona/platforms/registry.ts";
import { answerOf } from "./recording.ts";
import type { CommandAnswer, Sender, SupervisorPort } from "./supervisor_port.ts";

export type LinkAnswer =
  | { kind: "linked"; connection: ConnectionInfo }
  /** Nothing was kept. `field` is the one of the request that was wrong. */
  | { kind: "refused"; code: string; message: string; field?: string };

export interface BlueskyCredentials {
  /** Origin of the PDS; found from the handle or DID when absent. */
  service?: string;
  identifier: string;
  password: string;
  /** Leave to put the `bot` label on the account's profile. */
  disclose: boolean;
}

/** Longest time for putting the label on a profile. */
const LABEL_MS = 30_000;

export interface LinkingOptions {
  log: EventLog;
  sql: Sql;
  vault: Vault;
  supervisor: SupervisorPort;
  hostRules: HostRules;
  /** Origin of the directory in which the servers of DIDs are looked up. */
  plcUrl: string;
  sandboxTokenHash(token: string): string;
}

export class Linking {
  #options: LinkingOptions;
  /** One link at a time: an account that is being linked elsewhere is seen. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: LinkingOptions) {
    this.#options = options;
  }

  linkSandbox(personaId: string, by: string, commandId?: string): Promise<LinkAnswer> {
    return this.#inTurn(async () => {
      const { sql, sandboxTokenHash } = this.#options;
      const sender = senderOf(by, commandId, { personaId, platform: "sandbox" });
      const earlier = await this.#earlier(sender);
      if (earlier !== null) return earlier;
      const persona = await getPersona(sql, personaId);
      if (persona === null) return refused("not_found", "There is no such persona.");
      const existing = await connectionOf(sql, personaId, "sandbox");
      if (existing?.linked) {
        return refused("connection_in_use", "This persona has a sandbox account already.");
      }
      const token = randomToken();
      const account = await createSandboxAccount(sql, {
        id: crypto.randomUUID(),
        handle: handleFrom(persona.name),
        name: persona.name,
        tokenHash: sandboxTokenHash(token),
        createdAt: new Date().toISOString(),
      });
      return await this.#link(personaId, sender, token, {
        connectionId: existing?.id ?? crypto.randomUUID(),
        platform: "sandbox",
        accountId: account.id,
        handle: account.handle,
        service: SANDBOX_SERVICE,
        disclosure: "none",
      });
    });
  }

  async linkBluesky(
    personaId: string,
    by: string,
    credentials: BlueskyCredentials,
    commandId?: string,
  ): Promise<LinkAnswer> {
    const { sql, hostRules, plcUrl } = this.#options;
    const { service = null, identifier, disclose } = credentials;
    const sender = senderOf(by, commandId, { personaId, platform: "bluesky", service, identifier, disclose });
    const earlier = await this.#earlier(sender);
    if (earlier !== null) return earlier;
    const persona = await getPersona(sql, personaId);
    if (persona === null) return refused("not_found", "There is no such persona.");
    if (persona.identity.kind === "real_person") {
      return refused("real_person", "A persona of a real living person cannot have a real account.");
    }
    if (persona.identity.operatedBy.trim() === "") {
      return refused(
        "operator_unnamed",
        "Name who runs this persona before linking a real account.",
        "operatedBy",
      );
    }
    if (!credentials.disclose) {
      return refused(
        "disclosure_missing",
        "A real account has to say that a machine writes there.",
        "disclose",
      );
    }
    // Other servers are spoken to before our turn: one that does not answer would keep everybody else from linking.
    const found = await connectBluesky(credentials, hostRules, { plcUrl });
    if (found.kind === "refused") return refused("invalid", found.reason, found.field);
    if (await this.#ownedByOther(personaId, found.accountId)) return accountTaken;
    let { secret } = found;
    try {
      await setBotLabel({
        account: { ...found, connectionId: "", platform: "bluesky" },
        secret,
        keepSecret: (value) => {
          secret = value;
          return Promise.resolve();
        },
        signal: AbortSignal.timeout(LABEL_MS),
      });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return refused("disclosure_missing", `The label could not be put on the profile: ${why}`, "disclose");
    }
    return await this.#inTurn(async () => {
      const meanwhile = await this.#earlier(sender);
      if (meanwhile !== null) return meanwhile;
      if (await this.#ownedByOther(personaId, found.accountId)) return accountTaken;
      const existing = await connectionOf(sql, personaId, "bluesky");
      return await this.#link(personaId, sender, secret, {
        connectionId: existing?.id ?? crypto.randomUUID(),
        platform: "bluesky",
        accountId: found.accountId,
        handle: found.handle,
        service: found.service,
        disclosure: "profile_label",
      });
    });
  }

  async #ownedByOther(personaId: string, accountId: string): Promise<boolean> {
    const owner = await ownerOfAccount(this.#options.sql, "bluesky", accountId);
    return owner !== null && owner !== personaId;
  }

  /** Its credentials go at once. It waits for nobody's turn: a link to a slow server must not hold it up. */
  async unlink(
    personaId: string,
    connectionId: string,
    by: string,
  ): Promise<LinkAnswer | { kind: "unlinked" }> {
    return await this.#inTurn(async () => {
      const { supervisor, vault } = this.#options;
      const sender = senderOf(by, undefined, null);
      const answer = await supervisor.send(personaId, { type: "unlink", connectionId }, sender);
      if (answer.kind !== "committed") return refusedBy(answer);
      await vault.delete(connectionSecret(connectionId));
      return { kind: "unlinked" } as const;
    });
  }

  /** What a request with this id was answered before. */
  async #earlier(sender: Sender): Promise<LinkAnswer | null> {
    if (!sender.mayBeRepeated) return null;
    const { log } = this.#options;
    const seen = await log.findCommand(sender.by, sender.id);
    if (seen === null) return null;
    if (seen.bodyHash !== sender.bodyHash) return refusedBy({ kind: "id_reused" });
    const answer = await answerOf(log, sender.id, seen);
    if (answer.kind !== "committed") return refusedBy(answer);
    const linked = answer.events.find((event) => event.type === "ConnectionLinked");
    return linked === undefined
      ? refusedBy({ kind: "id_reused" })
      : { kind: "linked", connection: linked.data as unknown as ConnectionInfo };
  }

  async #link(
    personaId: string,
    sender: Sender,
    secret: string,
    connection: ConnectionInfo,
  ): Promise<LinkAnswer> {
    const { vault, supervisor } = this.#options;
    const name = connectionSecret(connection.connectionId);
    const before = await vault.get(name);
    const kept = await vault.put(name, before?.version ?? 0, secret);
    if (!kept.ok) {
      return refused("unavailable", "The connection was changed by somebody else meanwhile: try again.");
    }
    const answer = await supervisor.send(personaId, { type: "link", connection }, sender);
    if (answer.kind === "committed") return { kind: "linked", connection };
    if (before === null) await vault.delete(name);
    else await vault.put(name, kept.version, before.value);
    return refusedBy(answer);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#turn.then(work);
    this.#turn = next.catch(() => {});
    return next;
  }
}

const refused = (code: string, message: string, field?: string): LinkAnswer => ({
  kind: "refused",
  code,
  message,
  field,
});

const accountTaken = refused(
  "connection_in_use",
  "This account belongs to another persona already.",
  "identifier",
);

/** The command's sender; `body` is what was asked, without the password. */
function senderOf(by: string, commandId: string | undefined, body: unknown): Sender {
  return commandId === undefined
    ? { by, id: crypto.randomUUID(), mayBeRepeated: false }
    : { by, id: commandId, mayBeRepeated: true, bodyHash: hashJson(body) };
}

function refusedBy(answer: Exclude<CommandAnswer, { kind: "committed" }>): LinkAnswer {
  switch (answer.kind) {
    case "refused":
      return refused(answer.refusal.code, answer.refusal.message, answer.refusal.field);
    case "overloaded":
      return refused("overloaded", "This persona has too much to do right now: try again in a moment.");
    case "unavailable":
      return refused("unavailable", answer.reason);
    case "id_reused":
      return refused("id_reused", "This Idempotency-Key was used before for another request.");
    default:
      return answer satisfies never;
  }
}

function randomToken(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toHex();
}

/** `Ada Fern` → `ada.fern`, for the sandbox. */
function handleFrom(name: string): string {
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, ".");
  return plain.replace(/^\.+|\.+$/g, "").slice(0, 40) || "persona";
}
