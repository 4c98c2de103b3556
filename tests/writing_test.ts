import assert from "node:assert/strict";
import { bareSettings } from "../actors/supervisor/testing_ports.ts";
import type { StoredEvent } from "../db/log/log.ts";
import { freshDatabase, skips } from "./database.ts";
import type { Running } from "./running_supervisor.ts";
import { ada, runSupervisor } from "./running_supervisor.ts";
import { startModelStandIn } from "./stand_ins/model/stand_in.ts";
import type { ModelStandIn } from "./stand_ins/model/stand_in.ts";

interface Site {
  running: Running;
  model: ModelStandIn;
  personaId: string;
  compose(brief: string): Promise<string>;
  next(postId: string, ...types: string[]): Promise<StoredEvent>;
}

/** A persona with a sandbox account whose texts a model behind an endpoint writes, in a real worker. */
function writingTest(
  name: string,
  test: (site: Site) => Promise<void>,
  { timeoutMs = 2_000, gapMs }: { timeoutMs?: number; gapMs?: number } = {},
): void {
  Deno.test(name, async () => {
    if (await skips("embedded")) return;
    const database = await freshDatabase();
    const model = await startModelStandIn({ gapMs });
    const running = await runSupervisor(database, {
      actor: bareSettings({
        writer: { kind: "openai", baseUrl: model.url, model: "stand-in-1", timeoutMs },
      }),
      modelKey: model.apiKey,
    });
    const personaId = crypto.randomUUID();
    try {
      await running.send(personaId, { type: "create", identity: ada, origin: "form" });
      assert.equal((await running.linking.linkSandbox(personaId, "user:test")).kind, "linked");
      await test({
        running,
        model,
        personaId,
        async compose(brief) {
          const answer = await running.send(personaId, { type: "compose", platform: "sandbox", brief });
          assert.equal(answer.kind, "committed");
          return String(answer.kind === "committed" && answer.events[0]?.data.postId);
        },
        next: (postId, ...types) =>
          running.event((event) => event.data.postId === postId && types.includes(event.type), 20_000),
      });
    } finally {
      await running.close();
      await model.stop();
      await database.drop();
    }
  });
}

writingTest(
  "a model's text arrives while it is written, with its prompt, answer, tokens and time kept",
  async (site) => {
    const { running, personaId } = site;
    site.model.setFault("slow_between_chunks");
    const shown: string[] = [];
    running.supervisor.onProgress(({ text }) => shown.push(text));
    const postId = await site.compose("why lindens drip on parked cars");
    const draft = await site.next(postId, "DraftComposed");
    const { writing, content } = draft.data as unknown as {
      writing: {
        model: string;
        promptRef: string;
        answerRef: string;
        outputTokens: number;
        durationMs: number;
      };
      content: { parts: { text: string }[] };
    };
    assert.ok(shown.length > 1, "the text was shown before it was whole");
    assert.ok(shown.every((text) => content.parts[0]?.text.startsWith(text.slice(0, 8))));
    assert.ok(writing.outputTokens > 0);
    const words = await running.log.words([writing.promptRef, writing.answerRef]);
    assert.match(JSON.stringify(words.get(writing.promptRef)), /why lindens drip/);
    assert.ok(words.has(writing.answerRef));
    assert.ok(
      !JSON.stringify(await running.log.read(0, 1_000)).includes('lindens drip on parked cars","role'),
    );
    assert.equal(running.supervisor.status(personaId).restarts, 0);
  },
  // So far apart that even a slow machine hears of them one by one.
  { timeoutMs: 60_000, gapMs: 100 },
);

for (
  const [fault, reason] of [
    ["server_error", "server_error"],
    ["rate_limited", "rate_limited"],
    ["hang", "slow"],
    ["refusal", "refused"],
    ["empty_answer", "nonsense"],
    ["break_off", "broken_off"],
    ["unauthorized", "unauthorized"],
  ] as const
) {
  writingTest(`a model with ${fault} leaves a clear state, and a retry writes`, async (site) => {
    site.model.setFault(fault);
    const postId = await site.compose("bark");
    const failed = await site.next(postId, "CompositionFailed");
    assert.equal(failed.data.reason, reason);
    assert.notEqual(failed.data.detail, "");
    assert.ok(!JSON.stringify(failed).includes(site.model.apiKey), "the key is in no event");
    assert.ok(!site.running.reports.join("\n").includes(site.model.apiKey), "the key is in no report");
    site.model.setFault(null);
    const again = await site.running.send(site.personaId, { type: "rewrite", postId });
    assert.equal(again.kind, "committed");
    await site.next(postId, "DraftComposed");
    await site.next(postId, "PostSubmitted");
  });
}

writingTest("a slow model blocks no command of the same persona", async (site) => {
  site.model.setFault("hang");
  const postId = await site.compose("soil");
  await site.next(postId, "CompositionStarted");
  const paused = await site.running.send(site.personaId, { type: "pause" });
  assert.equal(paused.kind, "committed");
  const events = await site.running.log.read(0, 1_000);
  assert.ok(!events.some((event) => event.type === "CompositionFailed"), "the model had not answered yet");
  await site.next(postId, "CompositionFailed");
});
