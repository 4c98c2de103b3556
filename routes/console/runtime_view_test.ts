import assert from "node:assert/strict";
import { type ActorStatus, type CellStatus, withoutActor } from "../../actors/supervisor/supervisor_port.ts";
import { countStates, type RuntimeLook } from "../runtime.ts";
import { rowsOf, RUNTIME_PAGE, viewAddress, viewId, viewOf } from "./runtime_view.ts";

function look(actors: Partial<ActorStatus>[], cells: number[]): RuntimeLook {
  const all = actors.map((actor, index) => ({
    ...withoutActor(`p${String(index).padStart(5, "0")}`),
    ...actor,
  }));
  const cell = (number: number): CellStatus => ({
    number,
    pid: number,
    state: "ready",
    hosts: [],
    rssBytes: null,
    startedAt: "2026-11-22T14:00:00.000Z",
    silentMs: 0,
    personas: [],
  });
  return {
    at: "2026-11-22T14:00:00.000Z",
    cells: cells.map(cell),
    actors: all,
    live: 0,
    maxLive: 50,
    states: countStates(all),
    cellsRssBytes: 0,
    mainRssBytes: 0,
    epoch: 1,
    position: 1,
  };
}
const crash = { at: "2026-11-22T13:00:00.000Z", reason: "", stack: "", charged: true };
const all = viewOf(undefined, undefined);
const running = (cell: number) => ({ state: "running", cell } as const);

Deno.test("runtime: those without a cell come first, what needs a person before the rest; who just sleeps is left out", () => {
  const runtime = look([
    running(2),
    { state: "waiting" },
    { state: "asleep" },
    { state: "restarting", lastCrash: crash },
    { state: "parked" },
    { state: "asleep", lastCrash: crash },
    { state: "asleep", mailboxDepth: 1 },
    running(1),
    // Its cell has ended a moment ago.
    running(9),
  ], [2, 1, 3]);
  const { groups, total } = rowsOf(runtime, all);
  assert.deepEqual(
    groups.map((group) => [
      group.kind === "cell" ? group.cell.number : group.kind,
      group.actors.map(({ personaId, state }) => `${Number(personaId.slice(1))} ${state}`),
    ]),
    [
      ["outside", ["4 parked", "3 restarting", "1 waiting", "8 running"]],
      [1, ["7 running"]],
      [2, ["0 running"]],
      [3, []],
      ["asleep", ["5 asleep", "6 asleep"]],
    ],
  );
  assert.equal(total, 8);
});

Deno.test("runtime: ten thousand personas and 500 live ones are on pages, each actor on exactly one", () => {
  const actors = Array.from({ length: 10_000 }, (_, index) => index < 500 ? running(1 + index % 25) : {});
  const runtime = look(actors, Array.from({ length: 25 }, (_, index) => index + 1));
  const seen: string[] = [];
  const { pages } = rowsOf(runtime, all);
  assert.equal(pages, 500 / RUNTIME_PAGE);
  for (let page = 1; page <= pages; page++) {
    const { groups } = rowsOf(runtime, { ...all, page });
    const ids = groups.flatMap((group) => group.actors.map(({ personaId }) => personaId));
    assert.equal(ids.length, RUNTIME_PAGE);
    seen.push(...ids);
  }
  assert.equal(new Set(seen).size, 500);
  assert.equal(rowsOf(runtime, { ...all, page: 9_999 }).page, pages, "a page beyond the last is the last");
  assert.equal(rowsOf(runtime, { state: "asleep", page: 1 }).total, 9_500);
});

Deno.test("runtime: an address and a topic hold a view, and nothing else comes in by them", () => {
  for (const view of [all, { state: "parked", page: 3 } as const]) {
    const [state, page] = viewId(view).split("-");
    assert.deepEqual(viewOf(state, page), view);
    const { searchParams } = new URL(viewAddress(view), "http://x");
    assert.deepEqual(
      viewOf(searchParams.get("state") ?? undefined, searchParams.get("page") ?? undefined),
      view,
    );
  }
  for (
    const [state, page] of [["__proto__", "-1"], ["<b>", "0"], ["", "1e9"], ["all", "999999999"], [
      undefined,
      "x",
    ]]
  ) {
    assert.deepEqual(viewOf(state, page), all);
  }
});
