/** The entry of a worker: frames in, frames out, one actor. It has `net` for its own hosts and nothing else. */
/// <reference lib="deno.worker" />
import { parseCrash, passCounter } from "../crash_point.ts";
import { Actor } from "./actor.ts";
import type { Down, Up } from "./protocol.ts";

// Frames own the way out of the process: what is logged goes to stderr.
for (const level of ["log", "info", "debug", "warn"] as const) console[level] = console.error;

const post = (message: Up) => self.postMessage(JSON.stringify(message));
let actor: Actor | null = null;

self.onmessage = ({ data }: MessageEvent<string>) => {
  const message = JSON.parse(data) as Down;
  if (message.t === "start") {
    const { crashPoint } = message.settings;
    actor = new Actor(message, post, passCounter(parseCrash(crashPoint ?? undefined)));
  } else {
    actor?.receive(message);
  }
};
post({ t: "ready" });
