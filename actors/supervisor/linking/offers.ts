/** Accounts that answered, and wait until a person has said that one of them is the right one. Kept sealed, ten minutes. */
import type { OAuthEntry } from "../../../db/oauth_state.ts";
import type { Description, Platform } from "../../persona/platforms/port.ts";
import { base64Url } from "../../persona/platforms/x/oauth2.ts";
import { type LinkAnswer, refused } from "./answers.ts";
import type { FoundAccount, Links } from "./links.ts";
import { senderOf } from "./links.ts";
import { Turns } from "./turns.ts";

export type OfferedPlatform = Extract<Platform, "x" | "linkedin">;

/** One account that could be linked. */
export interface FoundChoice extends FoundAccount {
  /** The member's role on a page; null for an account of its own. */
  role: string | null;
  /** Why it cannot be linked; null where it can. */
  refused: string | null;
  may: Description["may"];
  missingScopes: string[];
}

/** What a platform said when it was asked. `failed` is for people. */
export type Found = { kind: "found"; choices: FoundChoice[] } | { kind: "failed"; reason: string };

/** What is kept of it. */
type Kept = Found & { personaId: string; platform: OfferedPlatform };

/** The same for people: without what opens the account. */
export interface Offer {
  platform: OfferedPlatform;
  /** Why nothing can be linked; null where something can be chosen. */
  failed: string | null;
  choices: (Omit<FoundChoice, "secret" | "spent"> & {
    /** The account whose place it would take; null where there is none. */
    replaces: string | null;
  })[];
}

export interface Confirmation {
  offerId: string;
  sessionKey: string;
  personaId: string;
  accountId: string;
  /** That it shall take the place of another account that the persona has there. */
  replace: boolean;
}

export class Offers {
  /** A form that is sent twice counts once. */
  #turns = new Turns();

  constructor(readonly links: Links) {}

  /** Keeps what was found for the person of this session; the id names it in addresses, and opens nothing elsewhere. */
  async keep(
    sessionKey: string,
    personaId: string,
    platform: OfferedPlatform,
    found: Found,
  ): Promise<string> {
    const offerId = randomSecret();
    const kept: Kept = { ...found, personaId, platform };
    await this.links.options.states.keep(
      entryOf(offerId, sessionKey),
      JSON.stringify(kept),
      this.links.now(),
    );
    return offerId;
  }

  /** Null: not there (any more), of another session or of another persona. */
  async show(offerId: string, sessionKey: string, personaId: string): Promise<Offer | null> {
    const kept = await this.#look(offerId, sessionKey, personaId);
    if (kept === null) return null;
    const { platform } = kept;
    if (kept.kind === "failed") return { platform, failed: kept.reason, choices: [] };
    const existing = await this.links.existing(personaId, platform);
    const choices = await Promise.all(
      kept.choices.map(async ({ secret: _secret, spent: _spent, ...choice }) => ({
        ...choice,
        refused: await this.links.isTaken(personaId, platform, choice.accountId)
          ? "it belongs to another persona already"
          : choice.refused,
        replaces: existing?.linked && existing.accountId !== choice.accountId ? existing.handle : null,
      })),
    );
    return { platform, failed: null, choices };
  }

  /** Links the account that the person has confirmed. The offer is used up by that alone. */
  confirm(asked: Confirmation, by: string): Promise<LinkAnswer> {
    return this.#turns.take([asked.offerId], () => this.#confirm(asked, by));
  }

  async #confirm(asked: Confirmation, by: string): Promise<LinkAnswer> {
    const { offerId, sessionKey, personaId, accountId, replace } = asked;
    const kept = await this.#look(offerId, sessionKey, personaId);
    if (kept === null) return offerOver;
    const choice = kept.kind === "found"
      ? kept.choices.find((one) => one.accountId === accountId)
      : undefined;
    if (choice === undefined) return refused("invalid", "Choose one of the accounts.", "accountId");
    if (choice.refused !== null) {
      return refused("invalid", `This one cannot be connected: ${choice.refused}.`, "accountId");
    }
    const answer = await this.links.linkReal(
      personaId,
      senderOf(by, undefined, null),
      kept.platform,
      choice,
      replace,
    );
    if (answer.kind === "linked") {
      await this.links.options.states.take(entryOf(offerId, sessionKey), this.links.now());
    }
    return answer;
  }

  async #look(offerId: string, sessionKey: string, personaId: string): Promise<Kept | null> {
    const text = await this.links.options.states.look(entryOf(offerId, sessionKey), this.links.now());
    if (text === null) return null;
    const kept: Kept = JSON.parse(text);
    return kept.personaId === personaId ? kept : null;
  }
}

export const offerOver = refused(
  "offer_over",
  "This was confirmed already, or more than ten minutes ago, or in another session: connect the account again.",
);

/** 256 random bits in 43 characters. */
export function randomSecret(): string {
  return base64Url(crypto.getRandomValues(new Uint8Array(32)));
}

const entryOf = (secret: string, sessionKey: string): OAuthEntry => ({
  stage: "answered",
  secret,
  sessionKey,
});
