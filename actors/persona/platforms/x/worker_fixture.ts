/** The adapter in a worker as an actor has it: told a connection and a text, it posts, and says what came of it. */
import { freezeX } from "./freeze.ts";

declare const self: {
  onmessage: (event: MessageEvent) => void;
  postMessage(message: unknown): void;
};

self.onmessage = async ({ data }: MessageEvent) => {
  const { createXAdapter } = await import("./adapter.ts");
  const adapter = createXAdapter({ now: () => data.at });
  const context = {
    ...data.context,
    keepSecret: () => Promise.resolve(),
    signal: new AbortController().signal,
    leave: () => Promise.resolve(null),
    media: () => Promise.resolve(data.picture),
    noted: () => {},
  };
  const [part = { text: "", facets: [] }] = await adapter.prepare(context, [data.text]);
  const frozen = freezeX([{ ...part, media: [data.media] }], {
    createdAt: data.at,
    replyTarget: null,
    madeWithAi: true,
  });
  const outcome = await adapter.publish(context, frozen, []);
  const looked = { before: [], absentSince: null, others: new Set<string>() };
  const reconciled = await adapter.reconcile(context, frozen, looked);
  const polled = await adapter.poll(context, null);
  let elsewhere = "reached";
  try {
    await (await fetch(data.elsewhere)).body?.cancel();
  } catch (error) {
    elsewhere = error instanceof Error ? error.name : "failed";
  }
  self.postMessage({ part, outcome, reconciled, polled, elsewhere });
};
