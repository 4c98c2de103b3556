import assert from "node:assert/strict";
import { startModelStandIn } from "../../../tests/stand_ins/model/stand_in.ts";
import { emptyIdentity } from "../identity.ts";
import { OFFLINE_MODEL } from "./offline_writer.ts";
import type { NotWritten, WriterSettings, WritingRequest, Written } from "./port.ts";
import { activeSettings, createWriter, describeWriter, testWriter } from "./writer.ts";

const request: WritingRequest = {
  identity: { ...emptyIdentity, name: "Ada Fern", interests: ["street trees"] },
  platform: "sandbox",
  brief: "about lindens",
  maxGraphemes: 300,
  recentTexts: [],
  previous: null,
  seed: 1,
};

const KEY = "loopback-7Qx2mVt9Zr4Lw8Kc";

function openAi(baseUrl: string, apiKey = KEY): WriterSettings {
  return { kind: "openai", baseUrl, apiKey, model: "stand-in-1", timeoutMs: 5_000 };
}

/** Writes in a real worker that may reach `net` and nothing else. */
async function writeInWorker(
  settings: WriterSettings,
  net: string[],
): Promise<{ result: Written | NotWritten; texts: string[] }> {
  const options = {
    type: "module",
    deno: {
      permissions: {
        net,
        read: false,
        env: false,
        sys: false,
        run: false,
        write: false,
        ffi: false,
        import: false,
      },
    },
  };
  const worker = new Worker(
    new URL("./writer_test_worker.ts", import.meta.url).href,
    options as WorkerOptions,
  );
  const texts: string[] = [];
  try {
    return await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) =>
        data.result ? resolve({ result: data.result, texts }) : texts.push(data.text);
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(event.message));
      };
      worker.postMessage({ settings, request });
    });
  } finally {
    worker.terminate();
  }
}

Deno.test("a worker with net for the model alone writes, with text on the way", async () => {
  const model = await startModelStandIn({ gapMs: 15 });
  model.setFault("slow_between_chunks");
  try {
    const { result, texts } = await writeInWorker(openAi(model.url), [new URL(model.url).host]);
    assert.equal(result.kind, "written", JSON.stringify(result));
    assert.ok(texts.length >= 2);
  } finally {
    await model.stop();
  }
});

Deno.test("a worker without net for the model says so and lives", async () => {
  const model = await startModelStandIn();
  try {
    const { result } = await writeInWorker(openAi(model.url), ["127.0.0.1:1"]);
    assert.ok(result.kind === "not_written" && result.reason === "unreachable", JSON.stringify(result));
    assert.match(result.detail, /not permitted/);
  } finally {
    await model.stop();
  }
});

Deno.test("a worker without any permission writes offline", async () => {
  const { result } = await writeInWorker({ kind: "offline" }, []);
  assert.ok(result.kind === "written" && result.model === OFFLINE_MODEL);
});

Deno.test("without a base URL, or without a key where one is needed, the offline writer writes", async () => {
  assert.deepEqual(activeSettings(openAi("")), { kind: "offline" });
  assert.deepEqual(activeSettings(openAi("https://api.example.com/v1", "")), { kind: "offline" });
  for (
    const local of [
      "http://127.0.0.1:11434/v1",
      "http://localhost:1234/v1",
      "http://ollama:11434/v1",
      "http://[::1]:1/v1",
      "http://192.168.1.5/v1",
      "http://model.lan/v1",
    ]
  ) {
    assert.equal(activeSettings(openAi(local, "")).kind, "openai", local);
  }
  for (
    const other of [
      "http://127.0.0.1.example.com/v1",
      "https://[2001:db8::1]/v1",
      "https://11.0.0.1/v1",
      "nonsense",
    ]
  ) {
    assert.equal(activeSettings(openAi(other, "")).kind, "offline", other);
  }
  const result = await createWriter(openAi("")).write(request, new AbortController().signal, () => {});
  assert.equal(result.model, OFFLINE_MODEL);
});

Deno.test("a local model needs no key, and none is sent", async () => {
  const model = await startModelStandIn({ apiKey: "" });
  try {
    const result = await createWriter(openAi(model.url, "")).write(
      request,
      new AbortController().signal,
      () => {},
    );
    assert.equal(result.kind, "written", JSON.stringify(result));
  } finally {
    await model.stop();
  }
});

Deno.test("the description is plain, names the line to change, and shows no secret", () => {
  assert.match(describeWriter({ kind: "offline" }), /offline writer is active.*OPENAI_API_KEY/);
  assert.match(
    describeWriter(openAi("https://api.example.com/v1", "")),
    /api\.example\.com needs a key: set OPENAI_API_KEY/,
  );
  const described = describeWriter(openAi(`https://user:${KEY}@api.example.com/v1`));
  assert.match(described, /stand-in-1 at api\.example\.com/);
  assert.ok(!described.includes(KEY));
});

Deno.test("the live test says yes with the time it took, or why not", async () => {
  const model = await startModelStandIn();
  try {
    const fine = await testWriter(openAi(model.url), new AbortController().signal);
    assert.ok(fine.ok && fine.model === "stand-in-1" && fine.ms >= 0);
    model.setFault("key_in_error");
    const wrong = await testWriter(openAi(model.url), new AbortController().signal);
    assert.ok(!wrong.ok && wrong.reason === "unauthorized" && !wrong.detail.includes(KEY));
    model.setFault("empty_answer");
    const empty = await testWriter(openAi(model.url), new AbortController().signal);
    assert.ok(!empty.ok && empty.reason === "nonsense");
    assert.deepEqual(await testWriter({ kind: "offline" }, new AbortController().signal), {
      ok: true,
      model: OFFLINE_MODEL,
      ms: 0,
    });
  } finally {
    await model.stop();
  }
});
