import { deepStrictEqual } from "node:assert/strict";
import type { Command } from "../../persona/commands.ts";
import type { PlatformAdapter } from "../../persona/platforms/port.ts";
import { sandboxAdapter } from "../../persona/platforms/sandbox/adapter.ts";

type Named<T extends string> = Extract<T, `${string}${"like" | "repost" | "follow" | "quote"}${string}`>;

Deno.test("own personas, likes, reposts, follows and quotes: no command and no call of an adapter makes one", () => {
  // Does not compile once there is one.
  const commands: never[] = [] as Named<Command["type"]>[];
  const calls: never[] = [] as Named<keyof PlatformAdapter>[];
  deepStrictEqual([...commands, ...calls], []);
  deepStrictEqual(Object.keys(sandboxAdapter).filter((name) => /like|repost|follow|quote/i.test(name)), []);
});
