/** The entry of a worker: frames in, frames out, one actor. It has `net` for its own hosts and nothing else. */
/// <reference lib="deno.worker" />
import "../console_to_stderr.ts";
import "./shut.ts";
import { parseCrash, passCounter } from "../crash_point.ts";
import { Link } from "../link.ts";
import { systemClock, systemRandom } from "../ports.ts";
import { Actor } from "./actor.ts";
import { show } from "./fault.ts";
import { loadAdapter } from "./platforms/registry.ts";
import type { ActorSettings, Down, Up } from "./protocol.ts";
import { BEAT_MS } from "./protocol.ts";
import { beatOf, lastWordOf, LEAVE } from "./to_cell.ts";

const say = (text: string) => self.postMessage(text);
const link = new Link(say, () => systemClock.now());
const post = (message: Up) => link.send(JSON.stringify(message));

/** The cell hears from no one else what this worker died of: what it catches of an error has no stack. */
function die(event: Event, error: unknown): void {
  event.preventDefault();
  say(lastWordOf(error));
  self.close();
}
self.addEventListener("error", (event) => die(event, event.error));
self.addEventListener("unhandledrejection", (event) => die(event, event.reason));

function beat(): void {
  const { heapUsed, external } = Deno.memoryUsage();
  say(beatOf({ heapBytes: heapUsed, externalBytes: external, sent: link.sent, taken: link.taken }));
}

/** Whether a fault that is armed for this persona was shown in place of an answer. */
function faulty({ fault: armed }: ActorSettings, personaId: string, deliveries: number): boolean {
  if (armed === null || armed.personaId !== personaId || armed.atCommand !== deliveries) return false;
  show(armed.fault, say, link.sent);
  return true;
}

let begun: { actor: Actor; settings: ActorSettings; personaId: string; deliveries: number } | null = null;

self.onmessage = ({ data }: MessageEvent<string>) => {
  if (data === LEAVE) {
    say(LEAVE);
    return self.close();
  }
  const json = link.take(data);
  if (json === null) return;
  const message = JSON.parse(json) as Down;
  if (message.t === "start") {
    const { settings, personaId } = message;
    begun = { actor: newActor(message), settings, personaId, deliveries: 0 };
    return;
  }
  if (begun === null) throw new Error(`${message.t} before a start`);
  if (message.t === "deliver" && faulty(begun.settings, begun.personaId, ++begun.deliveries)) return;
  begun.actor.receive(message);
};

function newActor(start: Extract<Down, { t: "start" }>): Actor {
  const ports = {
    clock: systemClock,
    random: systemRandom,
    adapter: loadAdapter,
    writer: async (settings: ActorSettings["writer"], apiKey: string) => {
      const { createWriter } = await import("./agent/writer.ts");
      return createWriter(settings.kind === "offline" ? settings : { ...settings, apiKey });
    },
  };
  const crashPass = passCounter(parseCrash(start.settings.crashPoint ?? undefined));
  return new Actor(start, post, ports, crashPass);
}

beat();
setInterval(beat, BEAT_MS);
post({ t: "ready" });
