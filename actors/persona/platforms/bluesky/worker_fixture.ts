/** The adapter in a worker as an actor has it: told a connection and a text, it posts, and says what came of it. */
import { freezeBluesky } from "./freeze.ts";

declare const self: {
  onmessage: (event: MessageEvent) => void;
  postMessage(message: unknown): void;
};

self.onmessage = async ({ data }: MessageEvent) => {
  const memory = () => Math.round(Deno.memoryUsage().rss / 1e6);
  const steps: Record<string, number> = { bare: memory() };
  const { createBlueskyAdapter } = await import("./adapter.ts");
  const adapter = createBlueskyAdapter();
  steps.adapter = memory();
  const context = {
    ...data.context,
    keepSecret: () => Promise.resolve(),
    signal: new AbortController().signal,
    leave: () => Promise.resolve(null),
    media: () => Promise.reject(new Error("there are no pictures here")),
    noted: () => {},
  };
  const started = performance.now();
  const parts = await adapter.prepare(context, [data.text]);
  steps.prepared = memory();
  const prepareMs = Math.round(performance.now() - started);
  const { createdAt } = data;
  const frozen = freezeBluesky(parts, { createdAt, language: "en", tids: [data.tid], replyTarget: null });
  const outcome = await adapter.publish(context, frozen, []);
  let elsewhere = "reached";
  try {
    await (await fetch(data.elsewhere)).body?.cancel();
  } catch (error) {
    elsewhere = error instanceof Error ? error.name : "failed";
  }
  self.postMessage({ outcome, facets: parts[0]?.facets.length, elsewhere, steps, prepareMs });
};
