import { authorHash } from "../../actors/persona/content.ts";
import type { Platform } from "../../actors/persona/platforms/port.ts";
import type { Projection } from "./projection.ts";
import { known } from "./row.ts";

/** An account that a persona has or had: it stays, whatever becomes of the connection. */
export interface OwnAccountRow {
  stream: string;
  platform: Platform;
  account_id: string;
  /** As it was when it was connected last, in small letters. */
  handle: string;
  /** See `authorHash`. */
  hash: string;
}

export const ownAccounts: Projection<OwnAccountRow> = {
  table: "own_account",
  key: ["stream", "platform", "account_id"],
  types: ["ConnectionLinked"],
  touches: ({ stream, data }) => [{
    stream,
    platform: data.platform as Platform,
    account_id: String(data.accountId),
  }],
  fold(row, stored) {
    const event = known(stored);
    if (event.type !== "ConnectionLinked") return row;
    const { platform, accountId, handle } = event.data;
    return {
      stream: event.stream,
      platform,
      account_id: accountId,
      handle: handle.toLowerCase(),
      hash: authorHash(platform, accountId),
    };
  },
};
