/** Faults in the way of an adapter, as a seed lays them. */
import type { Fault, FaultProxy } from "./fault_proxy.ts";

const refusal = (status: number, error: string): Fault => ({
  kind: "answer",
  when: "before",
  status,
  body: { error },
});

/** What is to be met, and how often of a hundred. */
export const FAULTS: { name: string; method: string; weight: number; fault: Fault }[] = [
  ...["com.atproto.repo.putRecord", "com.atproto.repo.uploadBlob", "com.atproto.repo.getRecord"].flatMap((
    method,
  ) => [
    { name: "drop before", method, weight: 6, fault: { kind: "drop", when: "before" } as const },
    { name: "drop after", method, weight: 8, fault: { kind: "drop", when: "after" } as const },
    { name: "half", method, weight: 6, fault: { kind: "half" } as const },
    { name: "delay", method, weight: 4, fault: { kind: "delay", ms: 30 } as const },
    { name: "repeat", method, weight: 6, fault: { kind: "repeat" } as const },
    { name: "late", method, weight: 4, fault: { kind: "late" } as const },
    { name: "stall", method, weight: 2, fault: { kind: "stall", when: "after" } as const },
    { name: "500", method, weight: 3, fault: { kind: "answer", when: "after", status: 500 } as const },
    { name: "502", method, weight: 3, fault: { kind: "answer", when: "before", status: 502 } as const },
    {
      name: "empty answer",
      method,
      weight: 2,
      fault: { kind: "answer", when: "after", status: 200 } as const,
    },
    { name: "429", method, weight: 2, fault: refusal(429, "RateLimitExceeded") },
    { name: "expired", method, weight: 5, fault: refusal(400, "ExpiredToken") },
  ]),
  {
    name: "refused",
    method: "com.atproto.repo.putRecord",
    weight: 2,
    fault: refusal(400, "InvalidRequest"),
  },
  {
    name: "refresh dropped",
    method: "com.atproto.server.refreshSession",
    weight: 4,
    fault: { kind: "drop", when: "after" },
  },
];
const WEIGHTS = FAULTS.reduce((sum, { weight }) => sum + weight, 0);

/** Lays one at random. */
export function layFault(proxy: FaultProxy, random: () => number): void {
  let at = random() * WEIGHTS;
  const picked = FAULTS.find(({ weight }) => (at -= weight) < 0) ?? FAULTS[0];
  if (picked === undefined) throw new Error("there are no faults to lay");
  proxy.inject(picked.method, picked.fault);
}

const NAMES = new Map<Fault, string>(FAULTS.map(({ fault, name }) => [fault, name]));

/** Of one of `FAULTS`, as a proxy has met it. */
export function nameOf(fault: Fault): string {
  return NAMES.get(fault) ?? "another fault";
}
