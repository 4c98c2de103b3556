/** The sandbox's adapter in a worker as an actor has it: it posts, tries to post elsewhere, and says what came of both. */
declare const self: {
  onmessage: (event: MessageEvent) => void;
  postMessage(message: unknown): void;
};

self.onmessage = async ({ data }: MessageEvent) => {
  const { sandboxAdapter } = await import("../../actors/persona/platforms/sandbox/adapter.ts");
  const context = {
    ...data.context,
    keepSecret: () => Promise.resolve(),
    signal: new AbortController().signal,
    leave: () => Promise.resolve(null),
    media: () => Promise.reject(new Error("there are no pictures here")),
    noted: () => {},
  };
  const own = await sandboxAdapter.publish(context, data.payload, []);
  const account = { ...context.account, service: data.elsewhere };
  const elsewhere = await sandboxAdapter.publish({ ...context, account }, data.payload, []);
  self.postMessage({ own: own.kind, elsewhere: elsewhere.kind });
};
