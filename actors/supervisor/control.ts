/** What a person does to one actor. None of it loses a command. */
import type { PersonaActor } from "./persona_actor.ts";
import type { ActorControl } from "./supervisor_port.ts";

/** `reason`: a sentence for people. */
export type Controlled = { ok: true } | { ok: false; reason: string };

export async function control(
  actor: PersonaActor,
  what: ActorControl,
  by: string,
  why: string,
): Promise<Controlled> {
  const no = (reason: string) => ({ ok: false as const, reason });
  const live = actor.phase === "running" || actor.phase === "starting";
  if (actor.isToBeParked && what !== "unpark") {
    return no("It is about to be parked, as soon as nothing is under way.");
  }
  switch (what) {
    case "restart":
      if (!live) return no(`It does not run: it is ${actor.phase}.`);
      actor.leave("start", "asked", by, why);
      return { ok: true };
    case "hibernate":
      if (!live) return no(`It does not run: it is ${actor.phase}.`);
      actor.leave("sleep", "asked", by, why);
      return { ok: true };
    case "wake":
      if (actor.phase === "parked") return no("It was stopped: start it again instead.");
      actor.wake("asked");
      return { ok: true };
    case "park":
      if (actor.phase === "parked") return no("It is stopped already.");
      await actor.park(by, why);
      return { ok: true };
    case "unpark": {
      // It was told to begin nothing any more: it starts anew.
      if (actor.isToBeParked) {
        actor.leave("start", "asked", by);
        return { ok: true };
      }
      const whyNot = await actor.unpark(by);
      return whyNot === null ? { ok: true } : no(whyNot);
    }
    default:
      return what satisfies never;
  }
}
