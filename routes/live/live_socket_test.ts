import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { CLOSE_FORBIDDEN, CLOSE_SLOW, LiveSocket, MAX_BUFFERED } from "./live_socket.ts";

interface Message {
  position: number;
  content?: string;
}

function page(options: { after?: number; mayRead?: () => boolean } = {}) {
  const sent: Message[] = [];
  const closed: [number, string][] = [];
  const waiting: (() => void)[] = [];
  let now = 1_000;
  const outlet = {
    bufferedAmount: 0,
    send(data: string) {
      sent.push(JSON.parse(data));
      for (const done of waiting.splice(0)) done();
    },
    close: (code: number, reason: string) => void closed.push([code, reason]),
  };
  const socket = new LiveSocket(outlet, options.after ?? 0, options.mayRead ?? (() => true), () => now);
  return {
    socket,
    sent,
    closed,
    outlet,
    pass: (ms: number) => now += ms,
    nextSend: () => new Promise<void>((resolve) => waiting.push(resolve)),
    /** Everything that was shown, piece by piece. */
    shown: () => sent.flatMap(({ content }) => content?.split("\n") ?? []),
  };
}

Deno.test("live socket, what comes before the state was read: after the state, without what the state held", () => {
  const { socket, sent } = page({ after: 5 });
  socket.tail(6, "six");
  socket.tail(7, "seven");
  socket.tail(8, "eight");
  socket.tail(9, "");
  strictEqual(sent.length, 0);
  socket.state(7, "state at 7");
  deepStrictEqual(sent, [{ content: "state at 7\neight", position: 9 }]);
});

Deno.test("live socket, any order of state and tail: everything once, in order, positions only grow", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 20 }),
      fc.nat(20),
      fc.nat(20),
      fc.array(fc.nat(100), { minLength: 20, maxLength: 20 }),
      async (total, before, stateAt, waits) => {
        const { socket, sent, shown, pass, nextSend } = page();
        // The state is read at some moment, and says all up to there; batches come one after the other.
        const position = Math.min(stateAt, total);
        const known = Math.max(Math.min(before, total), position);
        for (let at = 1; at <= known; at++) socket.tail(at, `<${at}>`);
        socket.state(position, `state ${position}`);
        for (let at = known + 1; at <= total; at++) {
          pass(waits[at % 20] ?? 0);
          socket.tail(at, at % 3 === 0 ? "" : `<${at}>`);
        }
        while (sent.at(-1)?.position !== total) await nextSend();
        const tail = Array.from({ length: total - position }, (_, index) => position + 1 + index)
          .filter((at) => at <= known || at % 3 !== 0).map((at) => `<${at}>`);
        deepStrictEqual(shown(), [`state ${position}`, ...tail]);
        const positions = sent.map((message) => message.position);
        deepStrictEqual(positions, [...new Set(positions)].sort((a, b) => a - b));
      },
    ),
    { numRuns: 30, seed: 20_261_122 },
  );
});

Deno.test("live socket, a burst: gathered into few messages", async () => {
  const { socket, sent, shown, nextSend } = page();
  socket.state(0, "state");
  for (let at = 1; at <= 200; at++) socket.tail(at, `<${at}>`);
  while (sent.at(-1)?.position !== 200) await nextSend();
  strictEqual(sent.length, 2);
  strictEqual(shown().length, 201);
});

Deno.test("live socket, a position without anything to show: told alone, so that the page comes back from there", () => {
  const { socket, sent, pass } = page();
  socket.state(3, "");
  deepStrictEqual(sent, [{ position: 3 }]);
  pass(50);
  socket.tail(4, "");
  deepStrictEqual(sent.at(-1), { position: 4 });
  pass(50);
  socket.tail(4, "again");
  strictEqual(sent.length, 2, "nothing twice");
});

Deno.test("live socket, something that passes: shown after the state only, moves no position", () => {
  const { socket, sent, pass } = page();
  socket.passing("too early");
  socket.state(3, "state");
  pass(50);
  socket.passing("half a dra");
  deepStrictEqual(sent, [{ content: "state", position: 3 }, { content: "half a dra", position: 3 }]);
});

Deno.test("live socket, a page that does not read: closed with 1013, nothing is sent or kept for it any more", () => {
  const { socket, sent, closed, outlet, pass } = page();
  socket.state(1, "state");
  outlet.bufferedAmount = MAX_BUFFERED + 1;
  pass(50);
  socket.tail(2, "more");
  deepStrictEqual(closed.map(([code]) => code), [CLOSE_SLOW]);
  strictEqual(socket.closed, true);
  for (let at = 3; at < 100; at++) socket.tail(at, "x");
  socket.state(100, "state");
  socket.passing("x");
  strictEqual(sent.length, 1);
  strictEqual(closed.length, 1);
});

Deno.test("live socket, too much between two sends or before the state: closed with 1013", () => {
  const burst = page();
  burst.socket.state(0, "s");
  for (let at = 1; at <= 20; at++) burst.socket.tail(at, "x".repeat(100_000));
  deepStrictEqual(burst.closed.map(([code]) => code), [CLOSE_SLOW]);
  const early = page();
  for (let at = 1; at <= 10_001; at++) early.socket.tail(at, "x");
  deepStrictEqual(early.closed.map(([code]) => code), [CLOSE_SLOW]);
});

Deno.test("live socket, nobody may read any more: closed with 1008 before anything further is sent", () => {
  let may = true;
  const { socket, sent, closed, pass } = page({ mayRead: () => may });
  socket.state(1, "state");
  may = false;
  pass(50);
  socket.tail(2, "secret");
  deepStrictEqual(closed.map(([code]) => code), [CLOSE_FORBIDDEN]);
  ok(!JSON.stringify(sent).includes("secret"));
  const never = page({ mayRead: () => false });
  never.socket.state(1, "secret");
  deepStrictEqual([never.sent.length, never.closed[0]?.[0]], [0, CLOSE_FORBIDDEN]);
});

Deno.test("live socket, a page that is gone: nothing is sent and it is not closed again", () => {
  const { socket, sent, closed, pass } = page();
  socket.state(1, "state");
  socket.gone();
  pass(50);
  socket.tail(2, "more");
  socket.close(CLOSE_SLOW, "late");
  deepStrictEqual([sent.length, closed.length], [1, 0]);
});
