/** The same strings over HTTP, for hands: `POST /stand-in/NAME` with JSON, `GET /stand-in/state`. */
import type { XControl } from "./control.ts";
import { FAULTS, isFault } from "./faults.ts";
import { isRecord } from "./post_body.ts";

export const CONTROL = "/stand-in/";

/** Which bodies do what. An example of each, for the one who types. */
export const EXAMPLES: Record<string, unknown> = {
  fault: { fault: "reset_after", times: 1, operation: "createPost" },
  clear_faults: {},
  account: { username: "jo", name: "Jo" },
  standing: { username: "jo", standing: "suspended" },
  grant: { username: "jo" },
  user_keys: { username: "jo" },
  kill_tokens: { username: "jo" },
  expire_access: { username: "jo" },
  say: { by: "jo", text: "hello @marisol_ink", replyTo: "an id, or nothing", quotes: "an id, or nothing" },
  counts: { id: "a post", likes: 3, reposts: 1, bookmarks: 0, impressions: 90 },
  remove: { id: "a post" },
  set: { lagMs: 5_000, creditMicroUsd: 0, answers: "current" },
  limit: { operation: "createPost", most: 2 },
  advance: { ms: 900_000 },
};

/** The status and JSON of a control request. */
export function controlled(
  control: XControl,
  method: string,
  path: string,
  body: unknown,
): [number, unknown] {
  const name = path.slice(CONTROL.length);
  if (method === "GET" && name === "state") {
    return [200, {
      posts: control.posts(),
      requests: control.requests(),
      faults: control.faults(),
      violations: control.violations(),
      spentMicroUsd: control.spentMicroUsd(),
    }];
  }
  if (method !== "POST" || !Object.hasOwn(EXAMPLES, name)) {
    return [404, { get: [`${CONTROL}state`], post: EXAMPLES, faults: FAULTS }];
  }
  if (!isRecord(body)) return [400, { error: "the body must be a JSON object", example: EXAMPLES[name] }];
  try {
    return [200, done(control, name, body) ?? {}];
  } catch (error) {
    return [400, { error: error instanceof Error ? error.message : String(error), example: EXAMPLES[name] }];
  }
}

function done(control: XControl, name: string, body: Record<string, unknown>): unknown {
  const text = (field: string) => {
    const value = body[field];
    if (typeof value !== "string") throw new Error(`${field} must be a string`);
    return value;
  };
  const number = (field: string) => {
    const value = body[field];
    if (typeof value !== "number") throw new Error(`${field} must be a number`);
    return value;
  };
  const maybe = <T>(field: string, read: (field: string) => T) =>
    body[field] === undefined ? undefined : read(field);
  switch (name) {
    case "fault": {
      const fault = text("fault");
      if (!isFault(fault)) throw new Error(`"${fault}" is no fault; one of: ${FAULTS.join(", ")}`);
      return control.fault(fault, { times: maybe("times", number), operation: maybe("operation", text) });
    }
    case "clear_faults":
      return control.clearFaults();
    case "account":
      return control.addAccount(text("username"), maybe("name", text));
    case "standing": {
      const standing = text("standing");
      if (standing !== "active" && standing !== "suspended" && standing !== "locked") {
        throw new Error("standing must be active, suspended or locked");
      }
      return control.setStanding(text("username"), standing);
    }
    case "grant":
      return control.grant(text("username"), { accessLifeMs: maybe("accessLifeMs", number) });
    case "user_keys":
      return control.userKeys(text("username"));
    case "kill_tokens":
      return control.killTokens(text("username"));
    case "expire_access":
      return control.expireAccess(text("username"));
    case "say":
      return control.say({
        by: text("by"),
        text: text("text"),
        replyTo: maybe("replyTo", text),
        quotes: maybe("quotes", text),
      });
    case "counts": {
      const { id, ...counts } = body;
      return control.setCounts(String(id), counts);
    }
    case "remove":
      return control.removePost(text("id"));
    case "set":
      return control.set(body);
    case "limit":
      return control.setLimit(text("operation"), number("most"));
    case "advance":
      return control.advance(number("ms"));
  }
}
