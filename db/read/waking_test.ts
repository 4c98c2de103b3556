/** Who is woken: personas that could do something, and nobody for nothing. */
import { deepStrictEqual, ok } from "node:assert/strict";
import type { Command } from "../../actors/persona/commands.ts";
import { emptyIdentity } from "../../actors/persona/identity.ts";
import { testOn } from "../../tests/database.ts";
import { type InProcessSupervisor, inProcessSupervisor } from "../../tests/in_process_supervisor.ts";
import { openPostgresLog } from "../log/postgres_log.ts";
import { projections } from "../projections/all.ts";
import type { Sql } from "../sql.ts";
import { type HeldBack, personasWithDue } from "./due.ts";
import { personasToListen, setListening } from "./listening.ts";

const account = {
  connectionId: "c",
  platform: "sandbox",
  accountId: "a",
  handle: "ada",
  service: "sandbox:",
  disclosure: "none",
} as const;

interface Scene {
  sql: Sql;
  supervisor: InProcessSupervisor;
  /** A persona with an account. */
  id: string;
  postId: string;
  give(command: Command): Promise<void>;
  /** A person has its post published. */
  approve(): Promise<void>;
}

function wakingTest(name: string, test: (scene: Scene) => Promise<void>): void {
  testOn("embedded", name, async ({ sql, config }) => {
    const log = await openPostgresLog({ connection: config, projections });
    try {
      const supervisor = inProcessSupervisor({ log });
      const id = crypto.randomUUID();
      const postId = crypto.randomUUID();
      const give = async (command: Command) => {
        const answer = await supervisor.internal(id, command);
        ok(answer.kind === "committed", JSON.stringify(answer));
      };
      await give({ type: "create", identity: { ...emptyIdentity, name: "Ada" }, origin: "form" });
      await give({ type: "link", connection: account });
      const approve = async () => {
        const contentHash = (await supervisor.state(id)).posts[postId]?.contentHash ?? "";
        await give({ type: "approve", postId, contentHash, then: { kind: "publish" } });
      };
      await test({ sql, supervisor, id, postId, give, approve });
    } finally {
      await log.close();
    }
  });
}

wakingTest(
  "a persona whose account was replaced by another one: it is not woken for what is on the one before",
  async ({ sql, id, postId, give, approve }) => {
    const woken = () => personasWithDue(sql, new Date(Date.now() + 2 * 3_600_000).toISOString(), []);
    await give({ type: "write", platform: "sandbox", parts: [{ text: "Frost." }], postId });
    await approve();
    await give({ type: "begin_attempt", postId });
    await give({ type: "outcome", postId, attempt: 1, outcome: { kind: "uncertain", reason: "reset" } });
    const replaced = { ...account, accountId: "b", handle: "bea" };
    const onlyThere = async () => {
      deepStrictEqual(await woken(), [id]);
      await give({ type: "link", connection: replaced });
      deepStrictEqual(await woken(), []);
      await give({ type: "link", connection: account });
    };
    await onlyThere();
    const sent = [{ id: "1", url: "https://sandbox.example/1" }];
    await give({ type: "reconciled", postId, attempt: 1, result: { kind: "found", sent } });
    await onlyThere();
    await give({ type: "delete_post", postId });
    await onlyThere();
  },
);

wakingTest(
  "a persona whose post is held back, or whose credentials are dead: it is not woken for that alone",
  async ({ sql, supervisor, id, postId, give, approve }) => {
    await give({ type: "compose", platform: "sandbox", brief: "b", postId });
    await supervisor.write(id, postId, "Frost.");
    await approve();
    const soon = new Date(Date.now() + 60_000).toISOString();
    await setListening(sql, id, new Date().toISOString(), false);
    const woken = async () => [
      await personasWithDue(sql, soon, []),
      await personasToListen(sql, soon, 10),
    ];
    deepStrictEqual(await woken(), [[id], [id]]);
    const held = { all: false, platforms: [], personas: [], posts: [] };
    const wokenWhile = (more: Partial<HeldBack>) => personasWithDue(sql, soon, [], { ...held, ...more });
    deepStrictEqual(await wokenWhile({ platforms: ["bluesky"], personas: ["b"], posts: ["b"] }), [id]);
    deepStrictEqual(await wokenWhile({ all: true }), []);
    deepStrictEqual(await wokenWhile({ platforms: ["sandbox"] }), []);
    deepStrictEqual(await wokenWhile({ personas: [id] }), []);
    deepStrictEqual(await wokenWhile({ posts: [postId] }), []);
    await give({ type: "lost", connectionId: "c", reason: "the password was changed" });
    deepStrictEqual(await woken(), [[], []]);
    await give({ type: "link", connection: account });
    deepStrictEqual(await woken(), [[id], [id]]);
    await give({ type: "unlink", connectionId: "c" });
    deepStrictEqual(await woken(), [[], []]);
  },
);
