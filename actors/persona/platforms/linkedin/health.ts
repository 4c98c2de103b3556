/** How a call went, for the health of a connection: in our own words. Pure. */
import type { Noted } from "../port.ts";
import type { Answer } from "./call.ts";
import { isVersionGone } from "./outcome.ts";

/** A refusal of what was asked, such as a duplicate, says that the connection works. */
export function healthOf(answer: Answer): NonNullable<Noted["call"]> {
  switch (answer.kind) {
    case "ok":
      return { ok: true };
    case "unreachable":
    case "unclear":
      return { ok: false, error: answer.reason };
    case "refused": {
      const { status } = answer.refusal;
      if (isVersionGone(answer.refusal)) {
        return { ok: false, error: "LinkedIn has retired the version of its API that is set." };
      }
      switch (status) {
        case 401:
          return { ok: false, error: "LinkedIn does not accept the token." };
        case 403:
          return { ok: false, error: "LinkedIn does not let this account do that." };
        case 429:
          return { ok: false, error: "LinkedIn's limit of calls is reached." };
        default:
          return status >= 400 && status < 500
            ? { ok: true }
            : { ok: false, error: `LinkedIn answered ${status}.` };
      }
    }
    default:
      return answer satisfies never;
  }
}
