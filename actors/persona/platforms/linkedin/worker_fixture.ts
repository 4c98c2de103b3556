/** The adapter in a worker as an actor has it: told a connection and a payload, it posts, and says what came of it. */
declare const self: {
  onmessage: (event: MessageEvent) => void;
  postMessage(message: unknown): void;
};

self.onmessage = async ({ data }: MessageEvent) => {
  const { createLinkedInAdapter } = await import("./adapter.ts");
  const adapter = createLinkedInAdapter({ ...data.options, now: () => data.now });
  const context = {
    ...data.context,
    keepSecret: () => Promise.resolve(),
    noted: () => {},
    leave: () => Promise.resolve(null),
    media: () => Promise.resolve(data.picture),
    signal: new AbortController().signal,
  };
  const outcome = await adapter.publish(context, data.payload, []);
  const reconciled = await adapter.reconcile(context, data.payload, {
    before: [],
    absentSince: null,
    others: new Set<string>(),
  });
  const account = { ...data.context.account, connectionId: "elsewhere", service: data.elsewhere };
  const elsewhere = await adapter.publish({ ...context, account }, data.payload, []);
  self.postMessage({ outcome, reconciled, elsewhere });
};
