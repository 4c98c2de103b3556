/** An account on the sandbox: made on the spot. */
import { getPersona } from "../../../db/read/personas.ts";
import { createSandboxAccount } from "../../../db/sandbox/sandbox.ts";
import { SANDBOX_SERVICE } from "../../persona/platforms/registry.ts";
import { type LinkAnswer, noPersona, refused } from "./answers.ts";
import { type Links, senderOf } from "./links.ts";

export function linkSandbox(
  links: Links,
  personaId: string,
  by: string,
  commandId?: string,
): Promise<LinkAnswer> {
  return links.inTurn(personaId, null, async () => {
    const { sql, sandboxTokenHash } = links.options;
    const sender = senderOf(by, commandId, { personaId, platform: "sandbox" });
    const earlier = await links.earlier(sender);
    if (earlier !== null) return earlier;
    const persona = await getPersona(sql, personaId);
    if (persona === null) return noPersona;
    const existing = await links.existing(personaId, "sandbox");
    if (existing?.linked) {
      return refused("connection_in_use", "This persona has a sandbox account already.");
    }
    const token = crypto.getRandomValues(new Uint8Array(32)).toHex();
    const account = await createSandboxAccount(sql, {
      id: crypto.randomUUID(),
      handle: handleFrom(persona.name),
      name: persona.name,
      tokenHash: sandboxTokenHash(token),
      createdAt: new Date(links.now()).toISOString(),
    });
    return await links.link(personaId, sender, token, {
      connectionId: existing?.id ?? crypto.randomUUID(),
      platform: "sandbox",
      accountId: account.id,
      handle: account.handle,
      service: SANDBOX_SERVICE,
      disclosure: "none",
    });
  });
}

/** `Ada Fern` → `ada.fern`, for the sandbox. */
function handleFrom(name: string): string {
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, ".");
  return plain.replace(/^\.+|\.+$/g, "").slice(0, 40) || "persona";
}
