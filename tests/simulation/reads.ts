/** What a supervisor reads beside the log, as the real queries answer, and what it gives a worker at its start. */
import { connectionSecret } from "../../actors/persona/platforms/registry.ts";
import type { Provisioning, Reads } from "../../actors/supervisor/ports.ts";
import type { SimDatabase } from "./database.ts";
import type { Process } from "./process.ts";
import type { Witness } from "./witness.ts";
import type { World } from "./world.ts";

export interface ReadsOptions {
  world: World;
  database: SimDatabase;
  witness: Witness;
  main: Process;
  /** When each persona is to listen (ISO): a table, so it outlives a main. */
  listening: Map<string, string>;
}

export function simReads({ world, database, witness, main, listening }: ReadsOptions): Reads {
  const random = world.random(`reads of ${main.name}`);
  const wait = (ms: number) =>
    ms === 0 ? Promise.resolve() : new Promise<void>((resolve) => void main.clock.after(ms, resolve));
  /** What is read is as it was when the database looked, not when the answer arrives. */
  const ask = async <T>(look: () => T): Promise<T> => {
    const slow = world.faults.strikes("read_slow");
    const way = () => wait(slow ? random.between(20, 1_500) : random.between(0, 2));
    await way();
    if (database.away || world.faults.strikes("read_failed")) throw new Error("the database does not answer");
    const found = look();
    await way();
    return found;
  };
  const life = (personaId: string) => witness.state(personaId).life;
  return {
    postExists: (postId) => ask(() => witness.posts.has(postId)),
    personasDue: (now, without, held) =>
      ask(() => {
        const isHeld = (stream: string, ref: string) =>
          held.all || held.personas.includes(stream) || held.posts.includes(ref) ||
          held.platforms.includes(witness.state(stream).posts[ref]?.platform ?? "");
        const rows = database.due().filter(({ stream, reason, ref, at }) =>
          at <= now && !without.includes(stream) && !witness.parked.has(stream) &&
          ((life(stream) === "active" && !isHeld(stream, ref)) || (reason !== "slot" && reason !== "publish"))
        );
        rows.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
        return [...new Set(rows.map(({ stream }) => stream))];
      }),
    personasToListen: (now, limit) =>
      ask(() =>
        [...listening].filter(([stream, at]) =>
          at <= now && life(stream) === "active" && !witness.parked.has(stream)
        ).sort(([, a], [, b]) => (a < b ? -1 : 1)).slice(0, limit).map(([stream]) => stream)
      ),
    listenAt: (personaId, at, { unlessSet }) =>
      ask(() => {
        if (!unlessSet || !listening.has(personaId)) listening.set(personaId, at);
      }),
    parkedPersonas: (limit) =>
      ask(() => [...witness.parked].slice(0, limit).map(([personaId, why]) => ({ personaId, ...why }))),
    parked: (personaId) => ask(() => witness.parked.get(personaId) ?? null),
  };
}

export function simProvisioning(
  { world, database, witness, main }: Omit<ReadsOptions, "listening">,
): Provisioning {
  const random = world.random(`provisioning of ${main.name}`);
  const takes = () => {
    const ms = world.faults.strikes("secrets_slow") ? random.between(100, 3_000) : random.between(1, 4);
    return new Promise<void>((resolve) => void main.clock.after(ms, resolve));
  };
  const linked = (personaId: string) =>
    Object.values(witness.state(personaId).connections).filter((one) => one.linked);
  return {
    async hostsOf(personaId) {
      await takes();
      return [...new Set(linked(personaId).map(({ platform }) => `${platform}.example:443`))].sort();
    },
    async startFrames(personaId) {
      await takes();
      return linked(personaId).map(({ connectionId }) => ({
        t: "secret",
        name: connectionSecret(connectionId),
        version: 1,
        value: "secret",
      }));
    },
    async keepSecret(_personaId, { ask, version }, tell) {
      await takes();
      tell({ t: "secretKept", ask, ok: true, version: version + 1 });
    },
    async words(_personaId, refs) {
      await takes();
      if (database.away) throw new Error("the database does not answer");
      const words = await database.store.words(refs);
      return refs.map((ref) => {
        const row = words.get(ref);
        return row !== undefined && "content" in row ? row.content : null;
      });
    },
    media: () => Promise.resolve(null),
    noted: () => Promise.resolve(),
    async verdicts() {
      await takes();
      return world.faults.strikes("rules_against")
        ? [{ rule: "sim", level: "block", message: "Another persona said the same." }]
        : [];
    },
  };
}
