/** What linking an account takes on every platform: what is asked of a persona first, and how a link is kept. */
import { recordNoted } from "../../../db/platform_use.ts";
import { getConnection } from "../../../db/read/connections.ts";
import { getPersona } from "../../../db/read/personas.ts";
import { connectionOf, ownerOfAccount } from "../../../db/read/services.ts";
import { hashJson } from "../../persona/content.ts";
import type { ConnectionInfo } from "../../persona/events.ts";
import type { Identity, PersonaKind } from "../../persona/identity.ts";
import { limitsOf } from "../../persona/platforms/limits.ts";
import type { Platform, Spent } from "../../persona/platforms/port.ts";
import { connectionSecret } from "../../persona/platforms/registry.ts";
import { answerOf } from "../recording.ts";
import type { Sender } from "../supervisor_port.ts";
import { type LinkAnswer, type LinkRefused, noPersona, refused, refusedBy } from "./answers.ts";
import type { LinkingOptions } from "./options.ts";
import { Turns } from "./turns.ts";

/** What a person says of a persona before it gets a real account. What is left out stays as the persona has it. */
export interface Standing {
  /** Who runs it. */
  operatedBy?: string;
  kind?: PersonaKind;
  /** That the account says that a machine writes there: leave to say it, or that it is said, as the platform has it. */
  disclose: boolean;
}

/** An account that answered, with what is needed to speak as it. */
export interface FoundAccount {
  accountId: string;
  handle: string;
  service: string;
  secret: string;
  /** What it cost to ask whose it is: counted with the account once it is linked. Absent where that is free. */
  spent?: Spent[];
}

export class Links {
  #turns = new Turns();

  constructor(readonly options: LinkingOptions) {}

  now(): number {
    return (this.options.now ?? Date.now)();
  }

  /** One link of a persona, and one of an account, at a time: an account that is being linked elsewhere is seen. */
  inTurn<T>(personaId: string, account: string | null, work: () => Promise<T>): Promise<T> {
    return this.#turns.take(
      [`persona ${personaId}`, ...(account === null ? [] : [`account ${account}`])],
      work,
    );
  }

  /** The first step of each real connection: who runs it, what it is, that it says what it is. Null where all is said, and kept. */
  async firstStep(personaId: string, by: string, standing: Standing): Promise<LinkRefused | null> {
    const persona = await getPersona(this.options.sql, personaId);
    if (persona === null) return noPersona;
    const kind = standing.kind ?? persona.identity.kind;
    if (kind === "real_person" || persona.identity.kind === "real_person") {
      return refused("real_person", "A persona of a real living person cannot have a real account.", "kind");
    }
    const operatedBy = (standing.operatedBy ?? persona.identity.operatedBy).trim();
    if (operatedBy === "") {
      return refused(
        "operator_unnamed",
        "Name who runs this persona before linking a real account.",
        "operatedBy",
      );
    }
    if (!standing.disclose) {
      return refused(
        "disclosure_missing",
        "A real account has to say that a machine writes there.",
        "disclose",
      );
    }
    const changes: Partial<Identity> = {
      ...(operatedBy === persona.identity.operatedBy.trim() ? {} : { operatedBy }),
      ...(kind === persona.identity.kind ? {} : { kind }),
    };
    if (Object.keys(changes).length === 0) return null;
    const sender = { by, id: crypto.randomUUID(), mayBeRepeated: false };
    const answer = await this.options.supervisor.send(personaId, { type: "edit", changes }, sender);
    return answer.kind === "committed" ? null : refusedBy(answer);
  }

  /** Whether the account is another persona's. */
  async isTaken(personaId: string, platform: Platform, accountId: string): Promise<boolean> {
    const owner = await ownerOfAccount(this.options.sql, platform, accountId);
    return owner !== null && owner !== personaId;
  }

  /** Why this account may not be linked to this persona as things are; null where it may. */
  async objection(
    personaId: string,
    platform: Platform,
    { accountId, handle }: Pick<FoundAccount, "accountId" | "handle">,
    replace: boolean,
  ): Promise<LinkRefused | null> {
    if (await this.isTaken(personaId, platform, accountId)) return accountTaken;
    const existing = await this.existing(personaId, platform);
    if (!existing?.linked || existing.accountId === accountId || replace) return null;
    return refused(
      "connection_in_use",
      `This persona is ${existing.handle} on ${limitsOf(platform).label}, and the account that answered is ` +
        `${handle}: say that it shall take its place. Approvals for the one before are void then.`,
      "replace",
    );
  }

  /** The account that the persona has on a platform now; an unlinked one, which linking takes up again, has `linked` false. */
  async existing(personaId: string, platform: Platform) {
    const found = await connectionOf(this.options.sql, personaId, platform);
    return found === null ? null : await getConnection(this.options.sql, found.id);
  }

  /**
   * Keeps the secret and links a real account, in turn. The connection that the persona has there keeps its id; another
   * account than the one before takes `replace`.
   */
  async linkReal(
    personaId: string,
    sender: Sender,
    platform: Exclude<Platform, "sandbox">,
    account: FoundAccount,
    replace: boolean,
  ): Promise<LinkAnswer> {
    const { accountId, handle, service, secret, spent = [] } = account;
    const answer = await this.inTurn(personaId, `${platform} ${accountId}`, async () => {
      const meanwhile = await this.earlier(sender);
      if (meanwhile !== null) return meanwhile;
      const objection = await this.objection(personaId, platform, account, replace);
      if (objection !== null) return objection;
      const existing = await this.existing(personaId, platform);
      const same = existing?.accountId === accountId;
      return await this.link(personaId, sender, secret, {
        connectionId: existing?.id ?? crypto.randomUUID(),
        platform,
        accountId,
        handle,
        service,
        disclosure: "profile_label",
        ...(same && existing.wordsToModel !== null ? { wordsToModel: existing.wordsToModel } : {}),
      });
    });
    // What was asked for an account that nobody links has none that it could be counted with.
    if (answer.kind === "linked" && spent.length > 0) {
      const { connectionId } = answer.connection;
      await recordNoted(this.options.sql, personaId, connectionId, { spent }, this.now());
    }
    return answer;
  }

  /** Keeps the secret, then links. To be called in turn. Where the link is refused, the secret before is back in its place. */
  async link(
    personaId: string,
    sender: Sender,
    secret: string,
    connection: ConnectionInfo,
  ): Promise<LinkAnswer> {
    const { vault, supervisor } = this.options;
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

  /** What a request with this id was answered before. */
  async earlier(sender: Sender): Promise<LinkAnswer | null> {
    if (!sender.mayBeRepeated) return null;
    const { log } = this.options;
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
}

export const accountTaken = refused(
  "connection_in_use",
  "This account belongs to another persona already.",
  "identifier",
);

/** The command's sender; `body` is what was asked, without what is secret. */
export function senderOf(by: string, commandId: string | undefined, body: unknown): Sender {
  return commandId === undefined
    ? { by, id: crypto.randomUUID(), mayBeRepeated: false }
    : { by, id: commandId, mayBeRepeated: true, bodyHash: hashJson(body) };
}
