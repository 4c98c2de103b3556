import assert from "node:assert/strict";
import { Hono } from "hono";
import type { StoredEvent } from "../../db/log/log.ts";
import { openMemoryLog } from "../../db/log/memory_log.ts";
import type { Ending } from "../access/endings.ts";
import { LiveHub, MAX_SOCKETS_PER_PRINCIPAL } from "./hub.ts";
import type { LiveOptions } from "./hub.ts";

type Progress = { personaId: string; postId: string; text: string };

/** A hub over a log in memory, behind a real server; what it shows of an event is its position. */
function liveSite(
  options: Partial<LiveOptions> = {},
  html = (event: StoredEvent) => `<i>${event.position}</i>`,
) {
  const log = openMemoryLog();
  let version = 0;
  const append = async (count = 1) => {
    const done = await log.append({
      stream: "s",
      expectedVersion: version,
      by: "system",
      events: Array.from({ length: count }, () => ({ type: "E", schema: 1, data: {} })),
    });
    assert.equal(done.kind, "committed");
    version += count;
  };
  const listeners = {
    progress: new Set<(p: Progress) => void>(),
    status: new Set<(status: { personaId: string }) => void>(),
    end: new Set<(ending: Ending) => void>(),
  };
  const supervisor = {
    onProgress: (listener: (p: Progress) => void) => {
      listeners.progress.add(listener);
      return () => listeners.progress.delete(listener);
    },
    onStatus: (listener: (status: { personaId: string }) => void) => {
      listeners.status.add(listener);
      return () => listeners.status.delete(listener);
    },
  } as unknown as LiveOptions["supervisor"];
  const hub = new LiveHub({
    log,
    supervisor,
    access: {
      onEnd: (listener) => {
        listeners.end.add(listener);
        return () => listeners.end.delete(listener);
      },
      stillHolds: () => Promise.resolve(true),
    },
    source: {
      async state(_topics, after) {
        const events = await log.read(after, 1_000);
        return { position: events.at(-1)?.position ?? after, html: events.map(html).join("") };
      },
      render: (events) => Promise.resolve([{ topic: "feed", html: events.map(html).join("") }]),
      progress: ({ text }) => [{ topic: "feed", html: `<u>${text}</u>` }],
      paced: () => Promise.resolve([]),
      status: () => Promise.resolve([]),
    },
    report: (text) => assert.fail(text),
    ...options,
  });
  const app = new Hono();
  app.use(async (c, next) => {
    const principal = { kind: "user", id: "u", name: "Una", role: "owner" };
    c.set("identity" as never, { principal, session: { key: "session-1", principal } } as never);
    await next();
  });
  app.get("/live", (c) => hub.handle(c));
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, app.fetch);
  const { port } = server.addr;
  return {
    log,
    hub,
    port,
    append,
    listeners,
    async close() {
      await hub.close();
      await server.shutdown();
      await log.close();
    },
  };
}

/** A page that reads: every position that it was shown, in order, and how its socket ended. */
function openPage(port: number, after: number, topics = "feed") {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/live?topics=${topics}&after=${after}`);
  const shown: number[] = [];
  const passing: string[] = [];
  let position = after;
  let wake = () => {};
  const closed = new Promise<number>((resolve) => socket.onclose = (event) => resolve(event.code));
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    position = message.position;
    for (const [, digits] of String(message.content ?? "").matchAll(/<i>(\d+)<\/i>/g)) {
      shown.push(Number(digits));
    }
    for (const [, text] of String(message.content ?? "").matchAll(/<u>(.*?)<\/u>/g)) {
      passing.push(String(text));
    }
    wake();
  };
  const until = async (holds: () => boolean) => {
    while (!holds()) await new Promise<void>((resolve) => wake = resolve);
  };
  return {
    socket,
    shown,
    passing,
    closed,
    position: () => position,
    until,
    opened: new Promise((resolve) => socket.onopen = resolve),
  };
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

Deno.test("a page that is cut off and comes back has seen every event once, in order", async () => {
  const site = liveSite();
  await site.append(3);
  let after = 0;
  const seen: number[] = [];
  for (let round = 0; round < 6; round++) {
    const page = openPage(site.port, after);
    await page.opened;
    await site.append(5);
    await site.append();
    const { head } = site.log;
    await page.until(() => page.position() >= (round % 2 === 0 ? head : after + 1));
    page.socket.close();
    await page.closed;
    seen.push(...page.shown);
    after = page.position();
    await site.append(2);
  }
  const last = openPage(site.port, after);
  await last.until(() => last.position() >= site.log.head);
  seen.push(...last.shown);
  assert.deepEqual(seen, upTo(site.log.head));
  last.socket.close();
  await last.closed;
  await site.close();
});

Deno.test("a draft that is being written passes through without moving the position", async () => {
  const site = liveSite();
  await site.append();
  const page = openPage(site.port, 0);
  await page.until(() => page.position() === 1);
  for (const listener of site.listeners.progress) listener({ personaId: "p", postId: "q", text: "half a" });
  await page.until(() => page.passing.length > 0);
  assert.deepEqual([page.passing, page.position()], [["half a"], 1]);
  page.socket.close();
  await page.closed;
  await site.close();
});

Deno.test("the runtime is drawn for who looks at it, when an actor changes and by itself, and else not at all", async () => {
  const asked: string[][] = [];
  const site = liveSite({
    source: {
      state: () => Promise.resolve({ position: 1, html: "" }),
      render: () => Promise.resolve([]),
      progress: () => [],
      status: () => Promise.resolve([]),
      paced(topics) {
        asked.push([...topics]);
        return Promise.resolve(
          [...topics].map((topic) => ({ topic, html: `<u>${topic} ${asked.length}</u>` })),
        );
      },
    },
  });
  const change = () => {
    for (const listener of site.listeners.status) listener({ personaId: "p" });
  };
  await site.append();
  const other = openPage(site.port, 0);
  await other.until(() => other.position() === 1);
  for (let index = 0; index < 100; index++) change();
  const page = openPage(site.port, 0, "feed,runtime:all-1");
  await page.until(() => page.position() === 1);
  assert.deepEqual(asked, [], "nobody looked");
  for (let index = 0; index < 100; index++) change();
  await page.until(() => page.passing.length === 1);
  assert.deepEqual(page.passing, ["runtime:all-1 1"], "a burst is drawn once");
  // Nothing more changes: the next one comes by itself.
  await page.until(() => page.passing.length === 2);
  assert.deepEqual([other.passing, asked], [[], [["runtime:all-1"], ["runtime:all-1"]]]);
  for (const { socket, closed } of [page, other]) {
    socket.close();
    await closed;
  }
  await site.close();
});

Deno.test("a log-out closes the session's sockets for good", async () => {
  const site = liveSite();
  const page = openPage(site.port, 0);
  await page.opened;
  for (const listener of site.listeners.end) {
    listener({ kind: "session", id: "session-1", reason: "logged_out" });
  }
  assert.equal(await page.closed, 1008);
  await site.close();
});

Deno.test("a restart closes sockets with the code on which pages come back", async () => {
  const site = liveSite();
  const page = openPage(site.port, 0);
  await page.opened;
  await site.hub.close();
  assert.equal(await page.closed, 1012);
  await site.close();
});

/** Asks for an upgrade by hand; the connection, and the first line of the answer. */
async function upgrade(port: number, query: string): Promise<{ connection: Deno.TcpConn; status: string }> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const request = [
    `GET /live?${query} HTTP/1.1`,
    "Host: 127.0.0.1",
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13",
    "",
    "",
  ].join("\r\n");
  await connection.write(new TextEncoder().encode(request));
  const head = new Uint8Array(64);
  const length = await connection.read(head);
  return {
    connection,
    status: new TextDecoder().decode(head.subarray(0, length ?? 0)).split("\r\n")[0] ?? "",
  };
}

Deno.test("bad addresses and too many sockets get a clear answer", async () => {
  const site = liveSite();
  const plain = await fetch(`http://127.0.0.1:${site.port}/live?topics=feed`);
  assert.equal(plain.status, 426);
  await plain.body?.cancel();
  const statusOf = async (query: string) => {
    const { connection, status } = await upgrade(site.port, query);
    connection.close();
    return status;
  };
  assert.match(await statusOf("topics=feed&after=soon"), /^HTTP\/1.1 400/);
  assert.match(await statusOf("topics=../etc&after=0"), /^HTTP\/1.1 400/);
  const pages = Array.from({ length: MAX_SOCKETS_PER_PRINCIPAL }, () => openPage(site.port, 0));
  await Promise.all(pages.map((page) => page.opened));
  assert.match(await statusOf("topics=feed&after=0"), /^HTTP\/1.1 429/);
  for (const page of pages) page.socket.close();
  await Promise.all(pages.map((page) => page.closed));
  await site.close();
});

Deno.test("a client that stops reading is given up, and what it was not sent takes no memory", async () => {
  const big = "x".repeat(100_000);
  const site = liveSite({}, (event) => `<i>${event.position}</i>${big}`);
  const { connection: client } = await upgrade(site.port, "topics=feed&after=0");
  const witness = openPage(site.port, 0);
  await witness.opened;
  const before = Deno.memoryUsage().rss;
  for (let n = 0; n < 800; n++) {
    await site.append();
    if (n % 5 === 4) await witness.until(() => witness.position() >= site.log.head);
  }
  const grownMb = (Deno.memoryUsage().rss - before) / 1024 / 1024;
  assert.ok(
    grownMb < 60,
    `80 MB were shown to somebody who does not read: memory grew by ${grownMb.toFixed(0)} MB`,
  );
  assert.equal(site.hub.sockets, 1, "only the page that reads counts as live");
  assert.deepEqual(witness.shown, upTo(800), "the page that reads has seen everything");
  client.close();
  witness.socket.close();
  await witness.closed;
  await site.close();
});
