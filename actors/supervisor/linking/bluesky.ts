/** An account on Bluesky, by handle and app password, on any server. */
import { setBotLabel } from "../../persona/platforms/bluesky/bot_label.ts";
import { connectBluesky } from "../../persona/platforms/bluesky/connect.ts";
import { type LinkAnswer, refused } from "./answers.ts";
import { type Links, senderOf, type Standing } from "./links.ts";

/** `disclose`: leave to put the `bot` label on the account's profile. */
export interface BlueskyCredentials extends Standing {
  /** Origin of the PDS; found from the handle or DID when absent. */
  service?: string;
  identifier: string;
  password: string;
  /** That it shall take the place of another account that the persona has there. */
  replace?: boolean;
}

/** Longest time for putting the label on a profile. */
const LABEL_MS = 30_000;

export async function linkBluesky(
  links: Links,
  personaId: string,
  by: string,
  credentials: BlueskyCredentials,
  commandId?: string,
): Promise<LinkAnswer> {
  const { hostRules, plcUrl } = links.options;
  const { service = null, identifier, disclose, operatedBy, kind, replace = false } = credentials;
  const sender = senderOf(by, commandId, {
    personaId,
    platform: "bluesky",
    service,
    identifier,
    disclose,
    ...(operatedBy === undefined ? {} : { operatedBy }),
    ...(kind === undefined ? {} : { kind }),
    ...(replace ? { replace } : {}),
  });
  const earlier = await links.earlier(sender);
  if (earlier !== null) return earlier;
  const unready = await links.firstStep(personaId, by, credentials);
  if (unready !== null) return unready;
  // Other servers are spoken to before our turn: one that does not answer would hold up whoever disconnects.
  const found = await connectBluesky(credentials, hostRules, { plcUrl });
  if (found.kind === "refused") return refused("invalid", found.reason, found.field);
  const objection = await links.objection(personaId, "bluesky", found, replace);
  if (objection !== null) return objection;
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
  return await links.linkReal(personaId, sender, "bluesky", { ...found, secret }, replace);
}
