/** The two platforms as the campaign sees them: how an account is had, and what is really out there. */
import type { BlueskyNetwork } from "../bluesky_network/network.ts";
import { recordsOf } from "../bluesky_network/verdict.ts";
import type { Sql } from "../../db/sql.ts";
import type { PlatformName } from "./plan.ts";

export interface Out {
  /** As the program names it in `sent`. */
  id: string;
  text: string;
}

export interface Platform {
  name: PlatformName;
  /** What ALLOWED_ORIGINS must hold. */
  origins: string[];
  /** The body that links a new account. */
  newAccount(): Promise<Record<string, unknown>>;
  /** Everything that the account has posted, read past the program: by XRPC, or, once it is stopped, by `sql`. */
  out(accountId: string, sql: Sql): Promise<Out[]>;
}

export const sandbox: Platform = {
  name: "sandbox",
  origins: [],
  newAccount: () => Promise.resolve({ platform: "sandbox" }),
  out: (accountId, sql) =>
    sql.query<{ id: string; text: string }>("select id, text from sandbox_post where account_id = $1", [
      accountId,
    ]),
};

export function bluesky(network: BlueskyNetwork): Platform {
  return {
    name: "bluesky",
    origins: [network.pdsUrl],
    async newAccount() {
      const name = `c${crypto.randomUUID().slice(0, 8)}`;
      const password = crypto.randomUUID();
      const handle = `${name}.test`;
      await network.createAccount({ handle, password, email: `${name}@example.com` });
      return { platform: "bluesky", service: network.pdsUrl, identifier: handle, password };
    },
    async out(accountId) {
      const records = await recordsOf(network.pdsUrl, accountId);
      return records.map(({ uri, value }) => ({ id: uri, text: String(value.text) }));
    },
  };
}
