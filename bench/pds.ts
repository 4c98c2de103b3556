/** A Bluesky server for benchmarks: takes every post, knows every handle, and never expires a session. */

export interface BenchPds {
  origin: string;
  stop(): Promise<void>;
}

export function startBenchPds(): BenchPds {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    switch (new URL(request.url).pathname.replace("/xrpc/", "")) {
      case "com.atproto.identity.resolveHandle":
        return Response.json({ did: "did:plc:readerreaderreaderreader" });
      case "com.atproto.repo.putRecord": {
        const { repo, collection, rkey } = await request.json();
        return Response.json({ uri: `at://${repo}/${collection}/${rkey}`, cid: "bafyreibench" });
      }
      case "app.bsky.notification.listNotifications":
        return Response.json({ notifications: [] });
      default:
        return Response.json({ error: "MethodNotImplemented", message: "" }, { status: 501 });
    }
  });
  return { origin: `http://127.0.0.1:${server.addr.port}`, stop: () => server.shutdown() };
}
