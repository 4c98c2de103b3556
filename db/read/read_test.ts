import { deepEqual, equal, rejects } from "node:assert/strict";
import { testOn } from "../../tests/database.ts";
import { inProcessProgram } from "../../tests/in_process_program.ts";
import type { InProcessSupervisor } from "../../tests/in_process_supervisor.ts";
import { emptyIdentity } from "../../actors/persona/identity.ts";
import type { PersonaCommand } from "../../actors/persona/commands.ts";
import type { Sql } from "../sql.ts";
import { dashboardCounts, waitingCount } from "./dashboard.ts";
import { getEffects, getEvent, listEvents } from "./events.ts";
import { listMemories } from "./memories.ts";
import { BadPage } from "./page.ts";
import { getPersona, listPersonas, personaNames } from "./personas.ts";
import { getPosts, listPosts } from "./posts.ts";

/** Counts the queries that go through it. */
function counting(sql: Sql): Sql & { queries: number } {
  return {
    queries: 0,
    query(text, parameters) {
      this.queries++;
      return sql.query(text, parameters);
    },
    transaction: (work) => sql.transaction(work),
  };
}

function sender(supervisor: InProcessSupervisor) {
  return async (personaId: string, command: PersonaCommand) => {
    const answer = await supervisor.send(personaId, command, {
      by: "user:1",
      id: crypto.randomUUID(),
      mayBeRepeated: false,
    });
    if (answer.kind !== "committed") throw new Error(JSON.stringify(answer));
    return answer.events;
  };
}

testOn(
  "embedded",
  "pages of personas and posts take a fixed number of queries, however many rows",
  async (database) => {
    const { program, supervisor, close } = await inProcessProgram(database, { plays: true });
    const send = sender(supervisor);
    for (let n = 0; n < 12; n++) {
      const id = crypto.randomUUID();
      await send(id, { type: "create", identity: { ...emptyIdentity, name: `P${n}` }, origin: "form" });
      await program.connections.linkSandbox(id, "user:1");
      await send(id, { type: "compose", platform: "sandbox", brief: `Text ${n}.` });
    }
    const sql = counting(database.sql);
    const personas = await listPersonas(sql, { limit: 10 });
    equal(personas.items.length, 10);
    equal(sql.queries, 2);
    deepEqual(personas.items.map((one) => [one.posts.waiting, one.connections.length])[9], [1, 1]);
    const posts = await listPosts(sql, { limit: 10 });
    equal(sql.queries, 3);
    deepEqual([posts.items[0]?.personaName, posts.items[0]?.account?.handle], ["P0", "sandbox.test"]);
    const ids = posts.items.map((post) => post.id).reverse();
    deepEqual((await getPosts(sql, [...ids, "none"])).map((post) => post.id), ids);
    equal(sql.queries, 4);
    equal((await personaNames(sql, personas.items.map((one) => one.id))).size, 10);

    equal(await waitingCount(sql), 12);
    equal(await waitingCount(sql, personas.items[0]?.id), 1);
    const counts = await dashboardCounts(sql);
    deepEqual([counts.personas.active, counts.posts.waiting, counts.connections], [12, 12, {
      linked: 12,
      lost: 0,
    }]);
    await close();
  },
);

testOn(
  "embedded",
  "counts, memories and effects follow a post from brief to publication",
  async (database) => {
    const { program, supervisor, close } = await inProcessProgram(database);
    const { sql } = program;
    const send = sender(supervisor);
    const id = crypto.randomUUID();
    const postId = crypto.randomUUID();
    await send(id, { type: "create", identity: { ...emptyIdentity, name: "Mira" }, origin: "form" });
    await program.connections.linkSandbox(id, "user:1");
    const posts = async () => (await getPersona(sql, id))?.posts;

    const [requested] = await send(id, { type: "compose", platform: "sandbox", brief: "Frost.", postId });
    equal((await posts())?.writing, 1);
    await supervisor.write(id, postId, "Frost on the lens.");
    equal((await posts())?.waiting, 1);
    deepEqual((await listMemories(sql, id)).items, [], "a draft is no memory");
    const [post] = await getPosts(sql, [postId]);
    await send(id, {
      type: "approve",
      postId,
      contentHash: post?.contentHash ?? "",
      then: { kind: "publish" },
    });
    await supervisor.attempt(id, postId, { kind: "uncertain", reason: "timeout" });
    equal((await posts())?.uncertain, 1);
    await supervisor.internal(id, {
      type: "reconciled",
      postId,
      attempt: 1,
      result: { kind: "found", sent: [{ id: "1", url: "http://127.0.0.1/1" }] },
    });
    deepEqual([(await posts())?.published, (await posts())?.uncertain], [1, 0]);
    deepEqual((await listMemories(sql, id)).items.map((memory) => memory.text), ["Frost on the lens."]);

    const approved = (await listEvents(sql, { types: ["PostApproved"] })).items[0];
    const { effects, related } = await getEffects(sql, approved?.id ?? "");
    deepEqual([effects.length, related.map((one) => one.type)], [0, ["PublishRequested"]]);
    deepEqual(await getEvent(sql, requested?.position ?? 0), await getEvent(sql, requested?.id ?? ""));
    for (const nobody of ["0", "x", crypto.randomUUID(), "99999999999999999999", -1]) {
      equal(await getEvent(sql, nobody), null);
    }
    await close();
  },
);

testOn(
  "embedded",
  "events of one stream are paged both ways from any position, its own or not",
  async (database) => {
    const { program, supervisor, close } = await inProcessProgram(database);
    const { sql } = program;
    const send = sender(supervisor);
    const [a, b] = [crypto.randomUUID(), crypto.randomUUID()];
    for (const id of [a, b]) {
      await send(id, {
        type: "create",
        identity: { ...emptyIdentity, name: "x" },
        origin: "form",
      });
    }
    for (let n = 0; n < 4; n++) {
      for (const id of [a, b]) await send(id, { type: n % 2 === 0 ? "pause" : "resume" });
    }
    const ofA = [1, 3, 5, 7, 9];
    const positions = async (options: Parameters<typeof listEvents>[1]) =>
      (await listEvents(sql, { stream: a, ...options })).items.map((event) => event.position);
    for (let position = 0; position <= 11; position++) {
      deepEqual(await positions({ after: position }), ofA.filter((one) => one > position));
      deepEqual(await positions({ before: position }), ofA.filter((one) => one < position).reverse());
    }
    deepEqual(await positions({}), ofA.toReversed());
    deepEqual(await positions({ after: "3", limit: 1 }), [5]);
    for (const after of ["x", "-1", "1.5", "99999999999999999999"]) {
      await rejects(
        listEvents(sql, { after }),
        BadPage,
      );
    }
    await rejects(listEvents(sql, { after: 1, before: 5 }), BadPage);
    await close();
  },
);
