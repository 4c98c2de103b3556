import assert from "node:assert/strict";
import { type Fault, FAULTS } from "../../../tests/stand_ins/model/faults.ts";
import { type ModelStandIn, startModelStandIn } from "../../../tests/stand_ins/model/stand_in.ts";
import { emptyIdentity } from "../identity.ts";
import { IDLE_TIMEOUT_MS } from "./deadline.ts";
import { openAiWriter } from "./openai_writer.ts";
import type { NotWritten, WritingRequest, Written } from "./port.ts";
import { systemPorts, type WriterPorts } from "./ports.ts";
import { TEMPLATE_VERSION } from "./prompt.ts";

const request: WritingRequest = {
  identity: { ...emptyIdentity, name: "Ada Fern", tone: ["warm"], interests: ["street trees"] },
  platform: "bluesky",
  brief: "about why lindens drip",
  maxGraphemes: 300,
  recentTexts: [],
  previous: null,
  seed: 7,
};

interface Run {
  result: Written | NotWritten;
  seen: { text: string; done: boolean }[];
}

async function run(
  model: ModelStandIn,
  {
    timeoutMs = 5_000,
    ports = systemPorts,
    signal = new AbortController().signal,
    baseUrl = model.url,
    apiKey = model.apiKey,
    name = "stand-in-1",
  } = {},
): Promise<Run> {
  const seen: Run["seen"] = [];
  let done = false;
  const writer = openAiWriter({ kind: "openai", baseUrl, apiKey, model: name, timeoutMs }, ports);
  const result = await writer.write(request, signal, (text) => seen.push({ text, done }));
  done = true;
  return { result, seen };
}

async function withModel(fault: Fault | null, use: (model: ModelStandIn) => Promise<void>): Promise<void> {
  const model = await startModelStandIn({ slowMs: 200, gapMs: 15 });
  model.setFault(fault);
  try {
    await use(model);
  } finally {
    await model.stop();
  }
}

function written(result: Written | NotWritten): Written {
  assert.equal(result.kind, "written", JSON.stringify(result));
  return result as Written;
}

function notWritten(result: Written | NotWritten, reason: NotWritten["reason"]): NotWritten {
  assert.equal(result.kind, "not_written", JSON.stringify(result));
  assert.equal((result as NotWritten).reason, reason, JSON.stringify(result));
  return result as NotWritten;
}

/** Real waiting is cut to `ms` for the timer that takes `forMs`; every other one runs as it is. */
function shortened(forMs: number, ms: number): WriterPorts {
  return { ...systemPorts, after: (wait, then) => systemPorts.after(wait === forMs ? ms : wait, then) };
}

Deno.test("a writer gives text, prompt, model and counted tokens, and sends what the strict stand-in accepts", () =>
  withModel(null, async (model) => {
    const result = written((await run(model)).result);
    assert.match(result.text, /\w/);
    assert.equal(result.model, "stand-in-1");
    assert.equal(result.templateVersion, TEMPLATE_VERSION);
    assert.ok(result.inputTokens > 50 && result.outputTokens > 5);
    assert.equal(result.costMicroUsd, null);
    assert.deepEqual(model.refused(), []);
    const [sent] = model.requests();
    assert.deepEqual(sent?.messages, result.prompt);
    assert.equal(sent?.seed, 7);
    assert.deepEqual(sent?.stream_options, { include_usage: true });
  }));

Deno.test("deltas arrive before the end, growing, at most ten a second", () =>
  withModel("slow_between_chunks", async (model) => {
    const times: number[] = [];
    const writer = openAiWriter({
      kind: "openai",
      baseUrl: model.url,
      apiKey: model.apiKey,
      model: "stand-in-1",
      timeoutMs: 5_000,
    }, systemPorts);
    const texts: string[] = [];
    const result = written(
      await writer.write(request, new AbortController().signal, (text) => {
        times.push(Date.now());
        texts.push(text);
      }),
    );
    assert.ok(texts.length >= 2, String(texts.length));
    assert.ok((texts[0]?.length ?? 0) < result.text.length);
    for (const [index, text] of texts.entries()) {
      if (index > 0) assert.ok(text.startsWith(texts[index - 1] ?? "\0"));
    }
    for (const [index, time] of times.entries()) {
      if (index > 0) assert.ok(time - (times[index - 1] ?? 0) >= 95);
    }
  }));

const FAILURES: readonly (readonly [Fault, NotWritten["reason"], boolean])[] = [
  ["rate_limited", "rate_limited", true],
  ["rate_limited_reset", "rate_limited", true],
  ["out_of_quota", "rate_limited", false],
  ["server_error", "server_error", true],
  ["unauthorized", "unauthorized", false],
  ["html_502", "server_error", true],
  ["html_200", "nonsense", true],
  ["json_200", "nonsense", true],
  ["junk_200", "broken_off", true],
  ["empty_answer", "nonsense", true],
  ["only_punctuation", "nonsense", true],
  ["prompt_echo", "nonsense", true],
  ["far_too_long", "nonsense", true],
  ["endless", "nonsense", true],
  ["stuck", "nonsense", true],
  ["refusal", "refused", false],
  ["refusal_field", "refused", false],
  ["content_filter", "refused", false],
  ["out_of_tokens", "nonsense", true],
  ["break_off", "broken_off", true],
  ["reset", "broken_off", true],
  ["no_finish_reason", "broken_off", true],
  ["malformed_sse", "broken_off", true],
  ["error_in_stream", "broken_off", true],
  ["key_in_error", "unauthorized", false],
  ["key_in_answer", "nonsense", false],
  ["redirect", "server_error", false],
];

for (const [fault, reason, retryable] of FAILURES) {
  Deno.test(`the fault ${fault} becomes ${reason}, without the key`, () =>
    withModel(fault, async (model) => {
      const { result } = await run(model);
      const failure = notWritten(result, reason);
      assert.equal(failure.retryable, retryable);
      assert.match(failure.detail, /^[^\n]{10,500}$/);
      const all = JSON.stringify(failure);
      for (let at = 0; at + 8 <= model.apiKey.length; at++) {
        assert.ok(!all.includes(model.apiKey.slice(at, at + 8)), `${fault}: ${failure.detail}`);
      }
    }));
}

const WRITTEN: readonly Fault[] = [
  "slow_first_byte",
  "slow_between_chunks",
  "no_usage",
  "half_characters",
  "wrapped",
  "thoughts",
  "no_seed",
];

for (const fault of WRITTEN) {
  Deno.test(`the quirk ${fault} still gives a clean text`, () =>
    withModel(fault, async (model) => {
      const { text, answer } = written((await run(model)).result);
      assert.ok(text.isWellFormed() && !/[\ufffd"]|think>|Here's/.test(text), text);
      assert.ok(answer.includes(text));
    }));
}

Deno.test("every fault of the stand-in is tested", () => {
  const slow: Fault[] = ["hang", "silent_mid_stream"];
  assert.deepEqual([...FAULTS].sort(), [...FAILURES.map(([fault]) => fault), ...WRITTEN, ...slow].sort());
});

Deno.test("a hanging endpoint is slow after the total time", () =>
  withModel("hang", async (model) => {
    const failure = notWritten((await run(model, { timeoutMs: 150 })).result, "slow");
    assert.ok(failure.durationMs >= 140 && failure.durationMs < 3_000);
    assert.equal(failure.answer, "");
  }));

Deno.test("an endpoint that falls silent in the middle is slow after the idle time, with what had arrived", () =>
  withModel("silent_mid_stream", async (model) => {
    const failure = notWritten((await run(model, { ports: shortened(IDLE_TIMEOUT_MS, 150) })).result, "slow");
    assert.ok(failure.answer.length > 0);
    assert.match(failure.detail, /silent/);
  }));

Deno.test("a stopped call ends at once, before and in the middle of the answer", () =>
  withModel("silent_mid_stream", async (model) => {
    const before = notWritten((await run(model, { signal: AbortSignal.abort() })).result, "broken_off");
    assert.equal(before.answer, "");
    const stop = new AbortController();
    const writer = openAiWriter({
      kind: "openai",
      baseUrl: model.url,
      apiKey: model.apiKey,
      model: "stand-in-1",
      timeoutMs: 60_000,
    }, systemPorts);
    const middle = notWritten(await writer.write(request, stop.signal, () => stop.abort()), "broken_off");
    assert.match(middle.detail, /stopped/);
  }));

Deno.test("retry-after and x-ratelimit-reset become the time before which a retry is pointless", async () => {
  const ports = { ...systemPorts, now: () => 1_000_000 };
  await withModel("rate_limited", async (model) => {
    assert.equal(notWritten((await run(model, { ports })).result, "rate_limited").retryAt, 1_007_000);
  });
  await withModel("rate_limited_reset", async (model) => {
    assert.equal(notWritten((await run(model, { ports })).result, "rate_limited").retryAt, 1_360_000);
  });
});

Deno.test("a closed port is unreachable, a wrong key unauthorized, an unknown model named", async () => {
  const model = await startModelStandIn();
  notWritten((await run(model, { apiKey: "wrong-key-wrong-key" })).result, "unauthorized");
  notWritten((await run(model, { apiKey: "line\nbreak" })).result, "unauthorized");
  assert.match(
    notWritten((await run(model, { name: "gpt-none" })).result, "server_error").detail,
    /gpt-none/,
  );
  await model.stop();
  assert.match(notWritten((await run(model)).result, "unreachable").detail, /refused the connection/);
  notWritten((await run(model, { baseUrl: "not an address" })).result, "unreachable");
});

Deno.test("estimated tokens are never priced, and a refused optional field is left out from then on", async () => {
  await withModel("no_usage", async (model) => {
    const result = written((await run(model)).result);
    assert.equal(result.outputTokens, Math.ceil(result.answer.length / 4));
    assert.equal(result.costMicroUsd, null);
  });
  await withModel("no_seed", async (model) => {
    const writer = openAiWriter({
      kind: "openai",
      baseUrl: model.url,
      apiKey: model.apiKey,
      model: "stand-in-1",
      timeoutMs: 5_000,
    }, systemPorts);
    for (let time = 0; time < 2; time++) {
      written(await writer.write(request, new AbortController().signal, () => {}));
    }
    assert.deepEqual(model.requests().map(({ seed }) => seed), [undefined, undefined]);
  });
});

Deno.test("what the caller's own callback throws comes back to the caller", () =>
  withModel(null, async (model) => {
    const writer = openAiWriter({
      kind: "openai",
      baseUrl: model.url,
      apiKey: model.apiKey,
      model: "stand-in-1",
      timeoutMs: 5_000,
    }, systemPorts);
    await assert.rejects(
      writer.write(request, new AbortController().signal, () => {
        throw new Error("mine");
      }),
      /mine/,
    );
  }));
