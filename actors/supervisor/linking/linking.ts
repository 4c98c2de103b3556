/** Linking accounts to personas. Credentials go from the request to the vault; commands and events never hold them. */
import type { ConnectionRead } from "../../../db/read/connections.ts";
import { getConnection } from "../../../db/read/connections.ts";
import { limitsOf } from "../../persona/platforms/limits.ts";
import type { Description } from "../../persona/platforms/port.ts";
import { connectionSecret, loadAdapter } from "../../persona/platforms/registry.ts";
import type { FourKeys } from "../../persona/platforms/x/secret.ts";
import { type LinkAnswer, type LinkRefused, refused, refusedBy } from "./answers.ts";
import { type BlueskyCredentials, linkBluesky } from "./bluesky.ts";
import { askLeave, type LeaveAnswer, type LeaveAsked, takeLeave } from "./leave.ts";
import { Links, senderOf, type Standing } from "./links.ts";
import { type Confirmation, type Offer, Offers } from "./offers.ts";
import type { LinkingOptions } from "./options.ts";
import { linkSandbox } from "./sandbox.ts";
import { endLeave, findByKeys, linkX, type XCredentials } from "./x.ts";

export type { LinkAnswer, LinkRefused } from "./answers.ts";
export type { TypedApp } from "./app_of.ts";
export type { BlueskyCredentials } from "./bluesky.ts";
export type { LeaveAnswer, LeaveAsked } from "./leave.ts";
export type { LinkedInAs } from "./linkedin.ts";
export type { Standing } from "./links.ts";
export type { Confirmation, Offer, OfferedPlatform } from "./offers.ts";
export type { LinkingOptions, PlatformApp } from "./options.ts";
export type { XCredentials } from "./x.ts";

/** Four keys that a person typed, whose account is shown before it is linked. */
export interface KeysOffered {
  personaId: string;
  sessionKey: string;
  standing: Standing;
  keys: FourKeys;
}

export class Linking {
  #links: Links;
  #offers: Offers;

  constructor(options: LinkingOptions) {
    this.#links = new Links(options);
    this.#offers = new Offers(this.#links);
  }

  linkSandbox(personaId: string, by: string, commandId?: string): Promise<LinkAnswer> {
    return linkSandbox(this.#links, personaId, by, commandId);
  }

  linkBluesky(
    personaId: string,
    by: string,
    credentials: BlueskyCredentials,
    commandId?: string,
  ): Promise<LinkAnswer> {
    return linkBluesky(this.#links, personaId, by, credentials, commandId);
  }

  linkX(personaId: string, by: string, credentials: XCredentials, commandId?: string): Promise<LinkAnswer> {
    return linkX(this.#links, personaId, by, credentials, commandId);
  }

  async offerX(
    by: string,
    { personaId, sessionKey, standing, keys }: KeysOffered,
  ): Promise<{ kind: "offered"; offerId: string } | LinkRefused> {
    const unready = await this.#links.firstStep(personaId, by, standing);
    if (unready !== null) return unready;
    const found = await findByKeys(this.#links.options, keys);
    if (found.kind === "failed") return refused("invalid", found.reason, "keys");
    return { kind: "offered", offerId: await this.#offers.keep(sessionKey, personaId, "x", found) };
  }

  askLeave(by: string, asked: LeaveAsked): Promise<{ kind: "asked"; address: string } | LinkRefused> {
    return askLeave(this.#links, by, asked);
  }

  takeLeave(answer: LeaveAnswer): Promise<{ personaId: string; offerId: string } | null> {
    return takeLeave(this.#links, this.#offers, answer);
  }

  offer(offerId: string, sessionKey: string, personaId: string): Promise<Offer | null> {
    return this.#offers.show(offerId, sessionKey, personaId);
  }

  confirm(asked: Confirmation, by: string): Promise<LinkAnswer> {
    return this.#offers.confirm(asked, by);
  }

  /** Its credentials go at once; X is told that their leave ends. */
  unlink(personaId: string, connectionId: string, by: string): Promise<LinkAnswer | { kind: "unlinked" }> {
    return this.#links.inTurn(personaId, null, async () => {
      const { supervisor, vault } = this.#links.options;
      const sender = senderOf(by, undefined, null);
      const answer = await supervisor.send(personaId, { type: "unlink", connectionId }, sender);
      if (answer.kind !== "committed") return refusedBy(answer);
      const row = await getConnection(this.#links.options.sql, connectionId);
      const kept = await vault.get(connectionSecret(connectionId));
      await vault.delete(connectionSecret(connectionId));
      if (row?.platform === "x" && kept !== null) await endLeave(row.service, kept.value, this.#links);
      return { kind: "unlinked" } as const;
    });
  }

  /** Whether what others say there may be shown to a model. The account is linked again as it is, with this changed. */
  setWordsToModel(personaId: string, connectionId: string, on: boolean, by: string): Promise<LinkAnswer> {
    return this.#links.inTurn(personaId, null, async () => {
      const row = await getConnection(this.#links.options.sql, connectionId);
      if (row === null || row.persona !== personaId || !row.linked) {
        return refused("no_connection", "There is no such connection.");
      }
      // To link is to say that it works.
      if (row.health === "lost") return refused("no_connection", "Connect the account again first.");
      const { platform, accountId, handle, service, disclosure } = row;
      if ((row.wordsToModel ?? limitsOf(platform).wordsToModel) === on) {
        return refused("nothing_changed", "It is so already.");
      }
      const connection = {
        connectionId,
        platform,
        accountId,
        handle,
        service,
        disclosure,
        wordsToModel: on,
      };
      const sender = senderOf(by, undefined, null);
      const answer = await this.#links.options.supervisor.send(
        personaId,
        { type: "link", connection },
        sender,
      );
      return answer.kind === "committed" ? { kind: "linked", connection } : refusedBy(answer);
    });
  }

  /** What each connection allows and costs, from its secret; null where there is none that can be read. */
  async describe(connections: ConnectionRead[]): Promise<Map<string, Description | null>> {
    const { vault, linkedIn: { version, webOrigin, memberAnalytics } } = this.#links.options;
    const described = await Promise.all(connections.map(async (connection) => {
      const { id, platform, accountId, handle, service } = connection;
      const kept = connection.linked ? await vault.get(connectionSecret(id)) : null;
      if (kept === null) return [id, null] as const;
      const adapter = await loadAdapter(platform, { linkedIn: { version, webOrigin, memberAnalytics } });
      const account = { connectionId: id, platform, accountId, handle, service };
      try {
        return [id, adapter.describe({ account, secret: kept.value })] as const;
      } catch {
        // Adapters never quote a secret, nor say more than that it cannot be read: then nothing is known.
        return [id, null] as const;
      }
    }));
    return new Map(described);
  }

  /** The client ids of the operator's settings, by platform: offered where a person names none. */
  apps(): { x: string | null; linkedin: string | null } {
    const { x, linkedIn } = this.#links.options;
    return { x: x.app?.clientId ?? null, linkedin: linkedIn.app?.clientId ?? null };
  }
}
