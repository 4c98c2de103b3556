/** The Runtime page, and how a persona's own page says how it is doing. */
import assert from "node:assert/strict";
import { recordParked } from "../../actors/supervisor/parking.ts";
import { type ActorStatus, withoutActor } from "../../actors/supervisor/supervisor_port.ts";
import { type ConsoleSite, testConsole } from "../../tests/console_site.ts";
import { sampleRuntime } from "../../tests/sample_runtime.ts";
import { createLiveSource } from "./live_source.tsx";
import { RUNTIME_PAGE } from "./runtime_view.ts";

const NOW = Date.parse("2026-11-22T14:00:00Z");
const clock = { now: () => NOW };

async function sampled(site: ConsoleSite, count = 10): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index++) {
    ids.push(await site.createPersona({ name: `Persona ${index}` }));
  }
  site.supervisor.setRuntime(sampleRuntime(ids, NOW));
  return ids;
}

/** The part of the page that is about one actor, without its tags. */
function rowOf(html: string, personaId: string): string {
  const [, row] = html.split(`id="actor-${personaId}"`);
  assert.ok(row, `${personaId} is on the page`);
  return row.slice(row.indexOf(">") + 1, row.indexOf("</tbody>")).replace(/<[^>]*>/g, " ").replace(
    /\s+/g,
    " ",
  );
}

testConsole("the Runtime page shows supervisor, cells and actors, and what each is at", async (site) => {
  const ids = await sampled(site);
  const { status, text } = await site.get("/runtime");
  assert.equal(status, 200);
  const words = text.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
  assert.match(words, /6 of 50 live 1 wait for room 1 restarting 2 parked 1 hibernated 3 cells · \d+ MB/);
  assert.match(words, /Cell 1 pid 4001 2 actors 84 MB resident up 1 h 2 min heard 180 ms ago speaks to/);
  assert.match(words, /Cell 2 pid 4002 1 actor 73 MB resident up 2 h 3 min silent for 4\.2 s/);
  assert.match(words, /Cell 3 starting pid 4003 2 actors size not said yet/);
  const rows = ids.map((id) => rowOf(text, id));
  assert.match(
    rows[0] ?? "",
    /Persona 0 running 3 compose 640 ms 2 9\.6 MB wakes in 12 min Restart Hibernate Park…/,
  );
  assert.match(
    rows[1] ?? "",
    /Ended with its cell 4 min ago · its cell ended.*· not charged to this persona/,
  );
  assert.match(rows[2] ?? "", /running alone/);
  assert.match(
    rows[3] ?? "",
    /restarting 1 3 starts in 4\.2 s .* Crashed 2\.1 s ago · RangeError: Invalid time value/,
  );
  assert.match(rows[3] ?? "", /at nextSlot \(actors\/persona\/schedule\/slots\.ts:88:31\)/);
  assert.match(
    rows[4] ?? "",
    /parked 6 .*Unpark Parked after repeated crashes, .*: 6 crashes within a minute/,
  );
  assert.match(rows[5] ?? "", /Parked by a program with the ADMIN_TOKEN, .*: Its account is being moved\./);
  assert.match(rows[6] ?? "", /waiting for room 12/);
  assert.match(rows[8] ?? "", /hibernated .*Wake/);
  assert.match(rows[9] ?? "", /214 outcome 7\.4 s 49 MB/);
  const order = [...text.matchAll(/id="(?:actor|cell|group)-([\w-]+)"/g)].map(([, id = ""]) =>
    ids.indexOf(id)
  );
  // A head is -1: those without a cell, three cells, the sleepers.
  assert.deepEqual(order.filter((index) => index === -1).length, 5);
  assert.deepEqual([order[0], order.at(-2), order.at(-1)], [-1, -1, 8]);
}, clock);

testConsole(
  "the Runtime page of an idle house says what will appear there, and filters say so too",
  async (site) => {
    assert.match((await site.get("/runtime")).text, /Nothing runs/);
    assert.match((await site.get("/runtime?state=parked")).text, /Nobody is parked/);
    const ids = await sampled(site);
    const { text } = await site.get("/runtime?state=parked");
    assert.deepEqual(
      ids.filter((id) => text.includes(`actor-${id}`)),
      [ids[4], ids[5]],
    );
  },
  clock,
);

testConsole("the Runtime page draws no more than its page, however many there are", async (site) => {
  const known = await site.createPersona();
  const ids = [known, ...Array.from({ length: 499 }, () => crypto.randomUUID())];
  const crash = {
    at: "2026-11-22T13:00:00.000Z",
    reason: "x".repeat(20_000),
    stack: "y".repeat(200_000),
    charged: true,
  };
  const actors = ids.map((personaId): ActorStatus => ({
    ...withoutActor(personaId),
    state: "restarting",
    lastCrash: crash,
  }));
  site.supervisor.setRuntime({ actors });
  const { text } = await site.get("/runtime?page=2");
  assert.equal([...text.matchAll(/id="actor-/g)].length, RUNTIME_PAGE);
  assert.match(text, /page 2 of 10/);
  assert.match(text, /href="\/runtime\?page=3"/);
  assert.ok(text.length < 600_000, `${text.length} characters, each with a stack that is too long`);
  assert.equal((await site.get("/runtime?page=9999999")).status, 200);
});

testConsole("what a crash says is shown as text, cut, and hidden characters are named", async (site) => {
  const [id = ""] = await sampled(site, 1);
  const evil = `<script>alert(1)</script><img src=x onerror=alert(1)> \u202egnp`;
  site.supervisor.setStatus({
    ...withoutActor(id),
    state: "parked",
    lastCrash: {
      at: new Date(NOW).toISOString(),
      reason: evil,
      stack: `${evil}\n${"s".repeat(9_000)}`,
      charged: true,
    },
    parked: { at: new Date(NOW).toISOString(), by: "system", reason: evil },
  });
  for (const path of ["/runtime", `/personas/${id}`, "/"]) {
    const { text } = await site.get(path);
    assert.doesNotMatch(text, /<script>alert|<img/, path);
    assert.doesNotMatch(text, /\u202e/, path);
    assert.ok(!text.includes("s".repeat(4_001)), path);
  }
}, clock);

testConsole("buttons do what they say to the persona, in the name of who pressed them", async (site) => {
  const ids = await sampled(site);
  const at = (index: number) => `/personas/${ids[index]}/runtime`;
  const pressed = [
    [0, { what: "restart" }],
    [1, { what: "hibernate" }],
    [8, { what: "wake" }],
    [2, { what: "park", why: "  It is too loud.  " }],
    [4, { what: "unpark" }],
  ] as const;
  for (const [index, fields] of pressed) {
    const { status, text } = await site.post(at(index), fields);
    assert.equal(status, 200, fields.what);
    assert.match(text, new RegExp(`data-flash="ok".*Persona ${index} `, "s"), fields.what);
  }
  const [user] = await site.program.sql.query<{ id: string }>("select id from access_user");
  assert.deepEqual(
    site.supervisor.controlled,
    pressed.map(([index, fields]) => ({
      personaId: ids[index],
      what: fields.what,
      by: `user:${user?.id}`,
      why: fields.what === "park" ? "It is too loud." : undefined,
    })),
  );
  assert.match(rowOf((await site.get("/runtime")).text, ids[2] ?? ""), /Parked by Ann, .*: It is too loud\./);
}, clock);

testConsole(
  "what does not apply is refused in words, and nothing is done without a reason or to nobody",
  async (site) => {
    const [id = "", ...rest] = await sampled(site);
    const parked = rest[3];
    const refused = async (
      personaId: string | undefined,
      fields: Record<string, string>,
      status: number,
      says: RegExp,
    ) => {
      const answer = await site.post(`/personas/${personaId}/runtime`, fields);
      assert.equal(answer.status, status, JSON.stringify(fields));
      assert.match(answer.text, says);
    };
    await refused(parked, { what: "wake" }, 409, /Persona 4.*It is parked: unpark it first\./s);
    assert.equal(site.supervisor.controlled.length, 1, "asked, and refused");
    await refused(id, { what: "park", why: "   " }, 422, /Say why it is parked/);
    await refused(id, { what: "park" }, 422, /Say why/);
    await refused(id, { what: "explode" }, 422, /nothing that can be done/);
    await refused(id, { what: "__proto__" }, 422, /nothing that can be done/);
    await refused(id, {}, 422, /nothing that can be done/);
    await refused(crypto.randomUUID(), { what: "wake" }, 404, /no such persona/);
    assert.equal(site.supervisor.controlled.length, 1, "the supervisor heard of none of these");
    await site.post(`/personas/${id}/runtime`, { what: "park", why: "z".repeat(5_000) });
    assert.equal(site.supervisor.status(id).parked?.reason.length, 500);
    const [other = ""] = rest;
    await site.post(`/personas/${other}/runtime`, { what: "park", why: `a\0${"b".repeat(498)}\u{1f600}` });
    assert.equal(
      site.supervisor.status(other).parked?.reason,
      `a${"b".repeat(498)}\ufffd`,
      "as the log keeps it",
    );
  },
  clock,
);

testConsole(
  "a persona that was stopped says what happened on each of its tabs, and is started again there",
  async (site) => {
    const ids = await sampled(site);
    const id = ids[4] ?? "";
    for (const tab of ["", "/posts", "/identity"]) {
      const { text } = await site.get(`/personas/${id}${tab}`);
      assert.match(text, /stopped after repeated crashes/);
      assert.match(text, /stopped since 13:30 \(UTC\)\. The last time: TypeError/);
      assert.match(text, new RegExp(`action="/personas/${id}/start-again"`));
    }
    const answer = await site.post(`/personas/${id}/start-again`, {});
    assert.equal(answer.headers.get("hx-redirect"), `/personas/${id}`);
    assert.equal(site.supervisor.status(id).state, "starting");
    const after = await site.get(`/personas/${id}`);
    assert.match(after.text, /waking up/);
    assert.doesNotMatch(after.text, /Start it again/);
    const again = await site.post(`/personas/${id}/start-again`, {});
    assert.equal(again.status, 409);
    assert.match(again.text, /It is not parked\./);
    assert.equal((await site.post(`/personas/${crypto.randomUUID()}/start-again`, {})).status, 404);
  },
  clock,
);

const wall = { ms: NOW };

testConsole(
  "a post whose time has come is said to be due, not to go out, and of a parked persona nothing is announced",
  async (site) => {
    const id = await site.createPersona();
    const postId = crypto.randomUUID();
    await site.give(id, { type: "compose", platform: "sandbox", brief: "moss", postId });
    await site.supervisor.write(id, postId, "Moss grows.");
    const { contentHash } = (await site.supervisor.state(id)).posts[postId] ?? {};
    const then = { kind: "schedule", at: "2026-11-22T14:05", zone: "UTC" } as const;
    await site.give(id, { type: "approve", postId, contentHash: contentHash ?? "", then });
    const words = async (path: string) => (await site.get(path)).text.replace(/<[^>]*>/g, " ");
    const running = { ...withoutActor(id), state: "running" } as const;
    site.supervisor.setRuntime({ actors: [running] });
    assert.match(await words(`/personas/${id}`), /a post goes out.*goes out\s+14:05/s);
    wall.ms = Date.parse("2026-11-22T14:06:00Z");
    const pages = [["/", /now: a post is due/], ["/runtime", /a post is due\s+now/], [
      `/personas/${id}`,
      /now: a post is due.*was due\s+14:05/s,
    ]] as const;
    for (const [path, says] of pages) {
      const said = await words(path);
      assert.match(said, says, path);
      assert.doesNotMatch(said, /a post goes out|· goes out/, path);
    }
    const parked = { at: new Date(NOW).toISOString(), by: "system", reason: "6 crashes" };
    site.supervisor.setRuntime({ actors: [{ ...running, state: "parked", parked }] });
    for (const [path] of pages) assert.doesNotMatch(await words(path), /a post (goes out|is due)/, path);
    assert.match(await words("/"), /nothing until it is started again/);
  },
  { now: () => wall.ms },
);

testConsole(
  "the overview counts who was stopped after repeated crashes as trouble, and leads there",
  async (site) => {
    const id = await site.createPersona();
    assert.match((await site.get("/")).text.replace(/<[^>]*>/g, " "), /0\s+in trouble/);
    const { version } = await site.supervisor.state(id);
    const place = { log: site.log, stream: id, version, waiting: 0 };
    assert.equal((await recordParked(place, "system", "6 crashes")).trouble, null);
    const { text } = await site.get("/");
    assert.match(text, /href="\/runtime\?state=parked"[^]*1 persona stopped after crashes/);
  },
);

testConsole("hibernated actors are a click away on the Runtime page", async (site) => {
  const ids = await sampled(site);
  const { text } = await site.get("/runtime");
  assert.match(text, /href="\/runtime\?state=asleep"/);
  const asleep = await site.get("/runtime?state=asleep");
  assert.deepEqual(ids.filter((id) => asleep.text.includes(`actor-${id}`)), [ids[8]]);
}, clock);

testConsole("live: a look at the runtime is drawn for each view that somebody has open", async (site) => {
  const ids = await sampled(site);
  const source = createLiveSource(site.program, clock.now);
  const drawn = await source.paced(new Set(["runtime:all-1", "runtime:parked-1", "runtime:nonsense"]));
  assert.deepEqual(drawn.map(({ topic }) => topic), [
    "runtime:all-1",
    "runtime:parked-1",
    "runtime:nonsense",
  ]);
  const [all = "", parked = "", nonsense = ""] = drawn.map(({ html }) => html);
  for (const html of [all, parked, nonsense]) {
    assert.match(html, /^<hx-partial hx-target="#runtime" hx-swap="innerMorph">/);
  }
  assert.ok(all.includes(`actor-${ids[0]}`) && !parked.includes(`actor-${ids[0]}`));
  const still = (html: string) => html.replace(/\d+ MB(?=<\/b>)/, "main");
  assert.equal(still(nonsense), still(all));
  const { html } = await source.state(["runtime:parked-1"], 0);
  assert.equal(still(html), still(parked));
  const page = await site.get("/runtime?state=parked");
  assert.match(page.text, /topics=[^"]*runtime%3Aparked-1/);
}, clock);
