/** Actors in real cells and workers: asleep and awake, parked and set free, bounded in number. */
import assert from "node:assert/strict";
import { until } from "./program.ts";
import { newPersona, type Running, runSupervisor, supervisorTest } from "./running_supervisor.ts";

const edit = (running: Running, id: string, purpose: string) =>
  running.send(id, { type: "edit", changes: { purpose } });

const asleep = (running: Running, id: string) =>
  until("it sleeps", () => Promise.resolve(running.supervisor.status(id).state === "asleep"));

supervisorTest(
  "a persona without anything to do sleeps, and a command wakes it as it was",
  async (running) => {
    const id = await newPersona(running);
    await edit(running, id, "Make people look around.");
    await asleep(running, id);
    assert.equal(running.supervisor.runtime().live, 0);
    const answer = await edit(running, id, "Make people look down.");
    assert.equal(answer.kind, "committed");
    const events = await running.log.readStream(id, 0, 100);
    assert.deepEqual(events.map(({ version }) => version), [1, 2, 3]);
  },
  { idleMs: 1_500 },
);

supervisorTest(
  "a sleeping persona is woken by what is due: an approved post goes out at its time",
  async (running) => {
    const id = await newPersona(running);
    await running.linking.linkSandbox(id, "user:test");
    const postId = crypto.randomUUID();
    await running.send(id, { type: "compose", platform: "sandbox", brief: "bark", postId });
    const draft = await running.event(({ type }) => type === "DraftComposed");
    const at = new Date(Date.now() + 8_000).toISOString();
    const answer = await running.send(id, {
      type: "approve",
      postId,
      contentHash: String(draft.data.contentHash),
      then: { kind: "schedule", at, zone: "UTC" },
    });
    assert.equal(answer.kind, "committed");
    await asleep(running, id);
    const sent = await running.event(({ type }) => type === "PostPublished", 60_000);
    assert.equal(sent.data.postId, postId);
    assert.ok(sent.at >= at);
  },
  { idleMs: 1_500 },
);

supervisorTest(
  "a sleeping persona looks at its platforms now and then, and sleeps again",
  async (running, { sql }) => {
    const id = await newPersona(running);
    await running.linking.linkSandbox(id, "user:test");
    await asleep(running, id);
    const woken: string[] = [];
    running.supervisor.onSupervision((event) => woken.push(event.kind));
    await until(
      "woken and asleep again",
      () => Promise.resolve(woken.includes("activated") && running.supervisor.status(id).state === "asleep"),
    );
    assert.ok(woken.includes("hibernated"));
    const [row] = await sql.query<{ later: boolean }>(
      `select at > now() as later from listening where stream = $1`,
      [
        id,
      ],
    );
    assert.equal(row?.later, true);
  },
  { idleMs: 1_500, listenMs: 4_000 },
);

supervisorTest(
  "never more are live than may be, whatever is asked of how many at once",
  async (running) => {
    const ids = [];
    for (let n = 0; n < 9; n++) ids.push(await newPersona(running));
    let most = 0;
    running.supervisor.onStatus(() => most = Math.max(most, running.supervisor.runtime().live));
    const answers = await Promise.all(
      ids.flatMap((id) => [1, 2, 3, 4].map((n) => edit(running, id, `purpose ${n}`))),
    );
    assert.ok(answers.every(({ kind }) => kind === "committed"), JSON.stringify(answers));
    assert.equal(most, 3);
  },
  { maxLive: 3 },
);

supervisorTest(
  "parked by a person: nothing runs, also after a restart, until a person sets it free",
  async (running, database) => {
    const id = await newPersona(running);
    assert.deepEqual(await running.supervisor.control(id, "park", "user:ada", "looks odd"), { ok: true });
    await until("parked", () => Promise.resolve(running.supervisor.status(id).state === "parked"));
    await running.event(({ type, by }) => type === "ActorParked" && by === "user:ada");
    assert.equal((await edit(running, id, "x")).kind, "unavailable");
    assert.equal((await running.supervisor.control(id, "wake", "user:ada")).ok, false);

    await running.supervisor.close();
    await running.log.close();
    const again = await runSupervisor(database);
    try {
      const { state, parked } = again.supervisor.status(id);
      assert.equal(state, "parked");
      assert.equal(parked?.by, "user:ada");
      assert.equal(parked?.reason, "looks odd");
      assert.equal((await edit(again, id, "y")).kind, "unavailable");
      assert.deepEqual(await again.supervisor.control(id, "unpark", "user:ada"), { ok: true });
      assert.equal((await edit(again, id, "z")).kind, "committed");
      assert.equal((await again.supervisor.control(id, "unpark", "user:ada")).ok, false);
    } finally {
      await again.close();
    }
  },
);

supervisorTest(
  "restarted, put to sleep and woken by a person: no command is lost",
  async (running) => {
    const id = await newPersona(running);
    const answers = [];
    for (const what of ["restart", "hibernate", "wake", "restart"] as const) {
      answers.push(edit(running, id, `before ${what}`));
      await running.supervisor.control(id, what, "user:ada");
      answers.push(edit(running, id, `after ${what}`));
    }
    for (const answer of await Promise.all(answers)) assert.equal(answer.kind, "committed");
    assert.equal(running.supervisor.status(id).restarts, 0);
    assert.equal((await running.log.readStream(id, 0, 100)).length, 9);
  },
);

supervisorTest(
  "a command that crashes its persona twice is put aside, and nobody else is charged",
  async (running) => {
    const id = await newPersona(running);
    const other = await newPersona(running);
    running.actor.fault = { fault: "throw", personaId: id, atCommand: 1 };
    await running.supervisor.control(id, "restart", "user:ada");
    const first = await edit(running, id, "one");
    assert.equal(first.kind, "unavailable");
    const letter = await running.event(({ type }) => type === "CommandDeadLettered");
    assert.equal(letter.stream, id);
    const next = await edit(running, id, "two");
    assert.equal(next.kind, "unavailable");
    const { lastCrash, restarts } = running.supervisor.status(id);
    assert.equal(lastCrash?.charged, true);
    assert.match(lastCrash?.stack ?? "", /fault/);
    assert.ok(restarts >= 4, `${restarts}`);
    assert.equal(running.supervisor.status(other).restarts, 0);
    assert.equal((await edit(running, other, "still here")).kind, "committed");
  },
);

supervisorTest(
  "a flood at one persona: it is told how many wait and how long, and a neighbour is answered meanwhile",
  async (running) => {
    const flooded = await newPersona(running);
    const neighbour = await newPersona(running);
    let open = 2_000;
    const flood = Array.from({ length: open }, async (_, n) => {
      const answer = await edit(running, flooded, `purpose ${n}`);
      open--;
      return answer;
    });
    const calm = await edit(running, neighbour, "calm");
    assert.equal(calm.kind, "committed");
    assert.ok(open > 0, "the neighbour had to wait for the whole flood");
    const answers = await Promise.all(flood);
    const overloaded = answers.filter((answer) => answer.kind === "overloaded");
    assert.ok(overloaded.length > 0);
    for (const { depth, retryAfterMs } of overloaded) {
      assert.ok(depth >= 200 && depth <= 201, `${depth}`);
      assert.ok(retryAfterMs >= 100 && retryAfterMs <= 60_000);
    }
    const kept = answers.filter(({ kind }) => kind === "committed").length;
    assert.equal(kept + overloaded.length, answers.length);
    assert.equal((await running.log.readStream(flooded, 1, 1_000)).length, kept);
  },
  { mailbox: { maxLetters: 200, maxCharacters: 4_000_000 } },
);

supervisorTest(
  "a stop gets through to a flooded persona before what waits there",
  async (running) => {
    const id = await newPersona(running);
    const flood = Array.from({ length: 300 }, (_, n) => edit(running, id, `purpose ${n}`));
    await Promise.resolve();
    const pause = await running.send(id, { type: "pause" });
    assert.equal(pause.kind, "committed");
    await Promise.all(flood);
    const events = await running.log.readStream(id, 0, 1_000);
    const paused = events.find(({ type }) => type === "PersonaPaused");
    assert.ok(
      paused !== undefined && paused.version < 50,
      `paused at ${paused?.version} of ${events.length}`,
    );
  },
  { mailbox: { maxLetters: 200, maxCharacters: 4_000_000 } },
);
