import { deepEqual, equal, ok } from "node:assert/strict";
import { type ActorStatus, withoutActor } from "../../actors/supervisor/supervisor_port.ts";
import { sampleRuntime } from "../../tests/sample_runtime.ts";
import { testApi } from "./test_api.ts";

const NOW = Date.parse("2026-11-22T14:00:00Z");
const clock = { now: () => NOW };
const uuids = (count: number) => Array.from({ length: count }, () => crypto.randomUUID());

testApi(
  "the runtime is answered with its cells, its states and its limits, without thousands of actors",
  async (api) => {
    api.supervisor.setRuntime(sampleRuntime(uuids(10), NOW));
    const { status, body } = await api.call("GET", "/api/v1/runtime");
    equal(status, 200);
    deepEqual([body.live, body.maxLive, body.cells.length], [6, 50, 3]);
    deepEqual(body.states, { running: 4, starting: 1, restarting: 1, waiting: 1, parked: 2, asleep: 1 });
    equal(body.cellsRssBytes, body.cells[0].rssBytes + body.cells[1].rssBytes);
    ok(body.mainRssBytes > 10_000_000);
    deepEqual([body.epoch, body.position], [api.log.epoch, api.log.head]);
    equal("actors" in body, false);
  },
  clock,
);

testApi("actors are listed page by page, each once, and by state", async (api) => {
  const ids = uuids(120);
  api.supervisor.setRuntime(sampleRuntime(ids, NOW));
  const seen: string[] = [];
  let after = "";
  do {
    const { body } = await api.call("GET", `/api/v1/runtime/actors?limit=50${after}`);
    seen.push(...body.items.map((one: ActorStatus) => one.personaId));
    after = body.next === null ? "" : `&after=${body.next}`;
  } while (after !== "");
  deepEqual(seen, [...ids].sort());
  const parked = (await api.call("GET", "/api/v1/runtime/actors?state=parked")).body;
  deepEqual([parked.items.length, parked.next], [2, null]);
  deepEqual(parked.items.map((one: ActorStatus) => one.parked?.by).sort(), ["admin-token", "system"]);
}, clock);

testApi(
  "one actor is answered whole, its stack cut; of a persona without one it says that it sleeps",
  async (api) => {
    const id = await api.persona();
    deepEqual((await api.call("GET", `/api/v1/personas/${id}/runtime`)).body, withoutActor(id));
    const at = new Date(NOW).toISOString();
    const lastCrash = { at, reason: "r".repeat(9_000), stack: `\ud800${"s".repeat(90_000)}`, charged: true };
    api.supervisor.setStatus({ ...withoutActor(id), state: "restarting", lastCrash });
    const { body } = await api.call("GET", `/api/v1/personas/${id}/runtime`);
    deepEqual([body.lastCrash.reason.length, body.lastCrash.stack.length], [501, 4_001]);
    const { actor } = (await api.call("GET", `/api/v1/personas/${id}`)).body;
    deepEqual(Object.keys(actor.lastCrash), ["at", "reason"]);
    equal(actor.lastCrash.reason.length, 501);
  },
  clock,
);

testApi(
  "an actor is controlled in the name of the caller, and what does not apply is refused",
  async (api) => {
    const id = await api.persona();
    const path = `/api/v1/personas/${id}/runtime`;
    const parked = await api.call("POST", path, { what: "park", why: " It floods. " });
    deepEqual([parked.status, parked.body.state, parked.body.parked.reason, parked.body.parked.by], [
      200,
      "parked",
      "It floods.",
      "admin-token",
    ]);
    const refused = await api.call("POST", path, { what: "wake" });
    deepEqual([refused.status, refused.body.code, refused.body.detail], [
      409,
      "wrong_status",
      "It is parked: unpark it first.",
    ]);
    const unparked = await api.call("POST", path, { what: "unpark" });
    deepEqual([unparked.status, unparked.body.state, unparked.body.parked], [200, "starting", null]);
    deepEqual(api.supervisor.controlled.map(({ what, by }) => `${what} ${by}`), [
      "park admin-token",
      "wake admin-token",
      "unpark admin-token",
    ]);
  },
);

testApi(
  "control: what is malformed, unknown, without a reason or not allowed never reaches the supervisor",
  async (api) => {
    const id = await api.persona();
    const path = `/api/v1/personas/${id}/runtime`;
    const bad: [unknown, string][] = [
      [{}, "what"],
      [{ what: "explode" }, "what"],
      [{ what: "__proto__" }, "what"],
      [{ what: ["restart"] }, "what"],
      [{ what: "park" }, "why"],
      [{ what: "park", why: "  " }, "why"],
      [{ what: "park", why: "x".repeat(501) }, "why"],
      [{ what: "park", why: 1 }, "why"],
      [{ what: "restart", force: true }, "force"],
      ['{"what":"park","why":"\\u0000"}', "why"],
    ];
    for (const [body, field] of bad) {
      const answer = await api.call("POST", path, body);
      deepEqual(
        [answer.status, answer.body.code, answer.body.field],
        [400, "invalid_request", field],
        `${body}`,
      );
    }
    for (const nobody of [crypto.randomUUID(), "%00", "..%2f", "x".repeat(500)]) {
      const answer = await api.call("POST", `/api/v1/personas/${nobody}/runtime`, { what: "wake" });
      equal(answer.status, 404, nobody);
    }
    const every = await api.token("read", "write", "approve", "approve:real", "metrics");
    equal((await api.call("POST", path, { what: "restart" }, every)).status, 403);
    equal((await api.call("GET", "/api/v1/runtime", undefined, await api.token("write"))).status, 403);
    equal((await api.call("GET", "/api/v1/runtime", undefined, await api.token("read"))).status, 200);
    deepEqual(api.supervisor.controlled, []);
    for (const query of ["limit=0", "limit=201", "state=dead", `after=${encodeURIComponent("\u202e")}`]) {
      equal((await api.call("GET", `/api/v1/runtime/actors?${query}`)).status, 400, query);
    }
  },
);
