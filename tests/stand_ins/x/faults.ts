/** Everything that can go wrong between a client and X, by name, and the queue of what is to go wrong next. */
import {
  type Answer,
  DUPLICATE,
  forbidden,
  LOCKED,
  NOT_SUMMONED,
  outOfCredit,
  problem,
  rateLimited,
  SUSPENDED,
  unauthorized,
} from "./problems.ts";

/** How an answer, or none, reaches the client. */
export type Delivery = "whole" | "hang" | "reset" | "half" | "slow" | "dribble";

export interface Plan {
  /** Whether what was asked for is done before it goes wrong. */
  commits: boolean;
  delivery: Delivery;
  /** In place of the real answer, or made from it. `now` in ms since the epoch. */
  answer?: (real: Answer | null, now: number) => Answer;
}

const HTML = "<!doctype html><title>502 Bad Gateway</title><center><h1>502 Bad Gateway</h1></center>";

/** Never answers, closes, or says another thing than happened. */
const PLANS = {
  hang_before: { commits: false, delivery: "hang" },
  hang_after: { commits: true, delivery: "hang" },
  reset_before: { commits: false, delivery: "reset" },
  reset_after: { commits: true, delivery: "reset" },
  half_body: { commits: true, delivery: "half" },
  slow: { commits: true, delivery: "slow" },
  slow_body: { commits: true, delivery: "dribble" },
  no_id: { commits: true, delivery: "whole", answer: withoutId },
  empty_2xx: { commits: true, delivery: "whole", answer: (real) => text(real?.status ?? 200, "") },
  html_2xx: { commits: true, delivery: "whole", answer: () => text(200, HTML) },
  html_502_before: { commits: false, delivery: "whole", answer: () => text(502, HTML) },
  html_502_after: { commits: true, delivery: "whole", answer: () => text(502, HTML) },
  server_error_before: { commits: false, delivery: "whole", answer: serverError },
  server_error_after: { commits: true, delivery: "whole", answer: serverError },
  unavailable: { commits: false, delivery: "whole", answer: unavailable },
  gateway_timeout_after: { commits: true, delivery: "whole", answer: () => text(504, HTML) },
  rate_limited_problem: { commits: false, delivery: "whole", answer: (_, now) => limited("problem", now) },
  rate_limited_code: { commits: false, delivery: "whole", answer: (_, now) => limited("code", now) },
  rate_limited_bare: { commits: false, delivery: "whole", answer: () => rateLimited("problem", {}) },
  out_of_credit: { commits: false, delivery: "whole", answer: () => outOfCredit("1") },
  unauthorized: { commits: false, delivery: "whole", answer: () => unauthorized("fault") },
  forbidden: { commits: false, delivery: "whole", answer: () => forbidden(NOT_PERMITTED) },
  duplicate: { commits: false, delivery: "whole", answer: () => forbidden(DUPLICATE) },
  not_summoned: { commits: false, delivery: "whole", answer: () => forbidden(NOT_SUMMONED) },
  suspended: { commits: false, delivery: "whole", answer: () => forbidden(SUSPENDED) },
  locked: { commits: false, delivery: "whole", answer: () => forbidden(LOCKED) },
  missing_scope: { commits: false, delivery: "whole", answer: () => forbidden("Forbidden") },
  redirect: {
    commits: false,
    delivery: "whole",
    answer: () => ({ ...text(307, ""), headers: { location: "http://127.0.0.1:9/elsewhere" } }),
  },
} satisfies Record<string, Plan>;

const NOT_PERMITTED = "You are not permitted to perform this action.";
/** So long a window is said to last that a fault invents. */
const INVENTED_WINDOW_MS = 15 * 60_000;

export type Fault = keyof typeof PLANS;

export const FAULTS = Object.keys(PLANS) as Fault[];

export function isFault(name: string): name is Fault {
  return Object.hasOwn(PLANS, name);
}

export function planOf(fault: Fault): Plan {
  return PLANS[fault];
}

interface Waiting {
  fault: Fault;
  /** Requests that it still strikes. */
  left: number;
  /** Only this operation; null: any. */
  operation: string | null;
}

export interface Faults {
  /** For the next `times` requests of that operation; with several, the one that was added first strikes first. */
  add(fault: Fault, times: number, operation: string | null): void;
  clear(): void;
  take(operation: string): Fault | null;
  waiting(): Readonly<Waiting>[];
}

export function createFaults(): Faults {
  let queue: Waiting[] = [];
  return {
    add(fault, times, operation) {
      if (!(times >= 1)) throw new Error(`times must be 1 or more, not ${times}`);
      queue.push({ fault, left: times, operation });
    },
    clear: () => void (queue = []),
    take(operation) {
      const next = queue.find((waiting) => waiting.operation === null || waiting.operation === operation);
      if (next === undefined) return null;
      next.left--;
      if (next.left <= 0) queue = queue.filter((waiting) => waiting !== next);
      return next.fault;
    },
    waiting: () => queue.map((waiting) => ({ ...waiting })),
  };
}

function text(status: number, body: string): Answer {
  return { status, body, contentType: "text/html; charset=utf-8" };
}

function serverError(): Answer {
  return problem(500, "Internal Server Error", "Something is broken. This is usually a temporary error.");
}

function unavailable(): Answer {
  return problem(503, "Service Unavailable", "Service Unavailable");
}

/** As the real one, but without what names what was made. */
function withoutId(real: Answer | null): Answer {
  if (real === null || typeof real.body !== "object" || real.body === null) return text(200, "");
  const without = (value: object) =>
    Object.fromEntries(Object.entries(value).filter(([key]) => !["id", "access_token"].includes(key)));
  const body = Object.fromEntries(
    Object.entries(without(real.body)).map(([key, value]) => {
      const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
      return [key, isObject ? without(value) : value];
    }),
  );
  return { ...real, body };
}

function limited(shape: "problem" | "code", now: number): Answer {
  return rateLimited(shape, {
    "x-rate-limit-limit": "100",
    "x-rate-limit-remaining": "0",
    "x-rate-limit-reset": String(Math.ceil((now + INVENTED_WINDOW_MS) / 1000)),
  });
}
