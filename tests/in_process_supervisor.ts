/**
 * Test equipment: a supervisor without cells and workers. It folds a persona's events, decides and appends to the log
 * given, one command of a persona at a time. With `plays`, it does what the effects of a persona would do, at once.
 */
import type { Command, PersonaCommand } from "../actors/persona/commands.ts";
import { hashJson } from "../actors/persona/content.ts";
import { decide } from "../actors/persona/decide.ts";
import type { Context } from "../actors/persona/decide/decision.ts";
import { EVENT_SCHEMA } from "../actors/persona/events.ts";
import { evolve } from "../actors/persona/evolve.ts";
import type { Outcome } from "../actors/persona/platforms/port.ts";
import { initialState, type PersonaState } from "../actors/persona/state.ts";
import { Stops } from "../actors/supervisor/stops.ts";
import type {
  ActorControl,
  ActorStatus,
  CellStatus,
  CommandAnswer,
  RuntimeStatus,
  Sender,
  SupervisionEvent,
  SupervisorPort,
} from "../actors/supervisor/supervisor_port.ts";
import { withoutActor } from "../actors/supervisor/supervisor_port.ts";
import type { AppendResult, CommandSeen, EventLog, ForeignWords, Json, StoredEvent } from "../db/log/log.ts";

export interface InProcessOptions {
  log: EventLog;
  /** ms since the epoch. @default the system's clock */
  now?: () => number;
  /** Write what is composed and publish what is approved, at once. @default false */
  plays?: boolean;
  /** What is written for a brief. @default the brief itself */
  write?: (brief: string) => string;
}

export interface InProcessSupervisor extends SupervisorPort {
  /** A command of the persona's own effects: `written`, `outcome`… */
  internal(personaId: string, command: Command, words?: ForeignWords[]): Promise<CommandAnswer>;
  /** Writes `text` for a post that was asked for. */
  write(personaId: string, postId: string, text: string): Promise<CommandAnswer>;
  /** Makes one attempt to publish, with this outcome. @default sent */
  attempt(personaId: string, postId: string, outcome?: Outcome): Promise<CommandAnswer>;
  /** Somebody outside says something. */
  hear(personaId: string, connectionId: string, text: string): Promise<CommandAnswer>;
  /** Answers `answer` to every further `send`; null ends that. */
  answerWith(answer: CommandAnswer | null): void;
  /** Holds every further `send` until the returned function is called. */
  hold(): () => void;
  /** Tells listeners of a text that is being written. */
  progress(personaId: string, postId: string, text: string): void;
  /** What `status` says from now on; tells listeners. */
  setStatus(status: ActorStatus): void;
  /** What `runtime` says from now on; tells listeners of each actor. */
  setRuntime(runtime: Partial<Pick<RuntimeStatus, "cells" | "actors" | "maxLive">>): void;
  /** Tells listeners what supervision did. */
  supervise(event: SupervisionEvent): void;
  /** What `control` was asked, in order. */
  controlled: { personaId: string; what: ActorControl; by: string; why: string | undefined }[];
  state(personaId: string): Promise<PersonaState>;
}

export function inProcessSupervisor(options: InProcessOptions): InProcessSupervisor {
  const { log, now = () => Date.now(), plays = false, write = (brief) => brief } = options;
  const queues = new Map<string, Promise<unknown>>();
  const states = new Map<string, PersonaState>();
  const statusOf = new Map<string, ActorStatus>();
  const progressListeners = new Set<Parameters<SupervisorPort["onProgress"]>[0]>();
  const statusListeners = new Set<Parameters<SupervisorPort["onStatus"]>[0]>();
  const supervisionListeners = new Set<Parameters<SupervisorPort["onSupervision"]>[0]>();
  const controlled: InProcessSupervisor["controlled"] = [];
  let cells: CellStatus[] = [];
  let maxLive = 50;
  const stops = Stops.none({ log, now, changed: () => {}, report: console.error });
  let answer: CommandAnswer | null = null;
  let held: Promise<void> | null = null;
  let tids = 0;

  async function fold(personaId: string): Promise<PersonaState> {
    let state = states.get(personaId) ?? initialState(personaId);
    for (;;) {
      const events = await log.readStream(personaId, state.version, 1_000);
      for (const event of events) state = evolve(state, event);
      if (events.length < 1_000) break;
    }
    states.set(personaId, state);
    return state;
  }

  /** One after the other for each persona. */
  function inTurn<T>(personaId: string, work: () => Promise<T>): Promise<T> {
    const before = queues.get(personaId) ?? Promise.resolve();
    const turn = before.then(work, work);
    queues.set(personaId, turn);
    return turn;
  }

  function context(by: string): Context {
    return {
      now: now(),
      by,
      newId: () => crypto.randomUUID(),
      newTid: () =>
        `3ltest${
          String(++tids).padStart(7, "0").replace(/\d/g, (digit) => "234567abcd".charAt(Number(digit)))
        }`,
      randomSeed: () => 7,
      approvalMs: 7 * 24 * 3_600_000,
      slotGraceMs: 15 * 60_000,
      policy: { requireAltText: true },
    };
  }

  async function seenAnswer(commandId: string, seen: CommandSeen): Promise<CommandAnswer> {
    if (seen.refusal !== null) {
      return { kind: "refused", commandId, refusal: seen.refusal, repeated: true };
    }
    const { first, last } = seen;
    const events = first === null || last === null ? [] : await log.read(first - 1, last - first + 1);
    return { kind: "committed", commandId, events, repeated: true };
  }

  async function run(
    personaId: string,
    command: Command,
    sender: Sender,
    words: ForeignWords[] = [],
  ): Promise<CommandAnswer> {
    const bodyHash = hashJson({ personaId, command: JSON.parse(JSON.stringify(command)) });
    const record = { scope: sender.by, id: sender.id, bodyHash };
    if (sender.mayBeRepeated) {
      const seen = await log.findCommand(sender.by, sender.id);
      if (seen !== null && seen.bodyHash !== bodyHash) return { kind: "id_reused" };
      if (seen !== null) return await seenAnswer(sender.id, seen);
    }
    const state = await fold(personaId);
    const decision = decide(state, command, context(sender.by));
    const result: AppendResult = "refused" in decision
      ? await log.append({
        stream: personaId,
        expectedVersion: state.version,
        by: sender.by,
        events: [],
        command: { ...record, refusal: decision.refused },
      })
      : await log.append({
        stream: personaId,
        expectedVersion: state.version,
        by: sender.by,
        events: decision.events.map(({ type, data }) => ({
          type,
          schema: EVENT_SCHEMA,
          data: JSON.parse(JSON.stringify(data)) as { [key: string]: Json },
          cause: sender.id,
          correlation: sender.id,
        })),
        command: { ...record, refusal: null },
        words,
      });
    switch (result.kind) {
      case "committed":
        return "refused" in decision
          ? { kind: "refused", commandId: sender.id, refusal: decision.refused, repeated: false }
          : { kind: "committed", commandId: sender.id, events: result.events, repeated: false };
      case "duplicate":
        return await seenAnswer(sender.id, result.seen);
      case "id_reused":
        return { kind: "id_reused" };
      case "invalid":
        return {
          kind: "refused",
          commandId: sender.id,
          refusal: { code: "invalid", message: `${result.field} ${result.reason}`, field: result.field },
          repeated: false,
        };
      case "conflict":
        return { kind: "unavailable", reason: "another writer was faster" };
      default:
        return result satisfies never;
    }
  }

  function internal(personaId: string, command: Command, words: ForeignWords[] = []): Promise<CommandAnswer> {
    const sender = { by: `actor:${personaId}`, id: crypto.randomUUID(), mayBeRepeated: false };
    return inTurn(personaId, () => run(personaId, command, sender, words));
  }

  const wordsOf = (stream: string, kind: string, platform: string, content: Json): ForeignWords => ({
    id: crypto.randomUUID(),
    stream,
    kind,
    platform,
    author: null,
    content,
    purgeAt: null,
  });

  async function writeText(personaId: string, postId: string, text: string): Promise<CommandAnswer> {
    const begun = await internal(personaId, { type: "begin_writing", postId });
    if (begun.kind !== "committed") return begun;
    const { writing } = (await fold(personaId)).posts[postId] ?? {};
    const prompt = [{ role: "user" as const, content: `Write: ${text}` }];
    const promptWords = wordsOf(personaId, "prompt", "model", prompt);
    const answerWords = wordsOf(personaId, "answer", "model", text);
    return await internal(personaId, {
      type: "written",
      postId,
      attempt: writing?.attempt ?? 1,
      result: {
        kind: "written",
        text,
        model: "offline",
        templateVersion: "1",
        inputTokens: 10,
        outputTokens: 20,
        costMicroUsd: 0,
        durationMs: 1,
      },
      promptHash: hashJson(prompt),
      promptRef: promptWords.id,
      answerRef: answerWords.id,
    }, [promptWords, answerWords]);
  }

  async function attempt(personaId: string, postId: string, outcome?: Outcome): Promise<CommandAnswer> {
    const begun = await internal(personaId, { type: "begin_attempt", postId });
    if (begun.kind !== "committed") return begun;
    const state = await fold(personaId);
    return await internal(personaId, {
      type: "outcome",
      postId,
      attempt: state.posts[postId]?.publish?.attempts ?? 1,
      outcome: outcome ?? {
        kind: "sent",
        sent: [{ id: `sandbox:${postId}`, url: `http://127.0.0.1/sandbox/${postId}` }],
      },
    });
  }

  function setStatus(status: ActorStatus): void {
    statusOf.set(status.personaId, status);
    for (const listener of statusListeners) listener(status);
  }

  async function play(events: StoredEvent[]): Promise<void> {
    for (const { type, stream, data } of events) {
      const postId = String(data.postId);
      if (type === "CompositionRequested") await writeText(stream, postId, write(String(data.brief)));
      if (type === "PublishRequested") await attempt(stream, postId);
    }
  }

  return {
    async send(personaId: string, command: PersonaCommand, sender: Sender): Promise<CommandAnswer> {
      if (held !== null) await held;
      if (answer !== null) return answer;
      const done = await inTurn(personaId, () => run(personaId, command, sender));
      if (plays && done.kind === "committed" && !done.repeated) await play(done.events);
      return done;
    },
    status: (personaId) =>
      statusOf.get(personaId) ??
        withoutActor(personaId),
    statuses: () => [...statusOf.values()],
    stops: () => stops.list(),
    runtime: () => ({
      at: new Date(now()).toISOString(),
      cells,
      actors: [...statusOf.values()],
      live: [...statusOf.values()].filter(({ state }) => HOLD_A_PLACE.includes(state)).length,
      maxLive,
    }),
    control(personaId, what, by, why) {
      controlled.push({ personaId, what, by, why });
      const before = statusOf.get(personaId) ?? withoutActor(personaId);
      const reason = refusalOf(before.state, what);
      if (reason !== null) return Promise.resolve({ ok: false, reason });
      const at = new Date(now()).toISOString();
      const parked = what === "park" ? { at, by, reason: why ?? "" } : null;
      setStatus({ ...before, state: STATE_AFTER[what], cell: null, parked });
      return Promise.resolve({ ok: true });
    },
    onSupervision(listener) {
      supervisionListeners.add(listener);
      return () => void supervisionListeners.delete(listener);
    },
    controlled,
    supervise(event) {
      for (const listener of supervisionListeners) listener(event);
    },
    setRuntime(runtime) {
      cells = runtime.cells ?? cells;
      maxLive = runtime.maxLive ?? maxLive;
      for (const status of runtime.actors ?? []) setStatus(status);
    },
    stop: (scope, by, why) => stops.stop(scope, by, why),
    lift: (scope, by) => stops.lift(scope, by),
    onProgress(listener) {
      progressListeners.add(listener);
      return () => void progressListeners.delete(listener);
    },
    onStatus(listener) {
      statusListeners.add(listener);
      return () => void statusListeners.delete(listener);
    },
    internal,
    write: writeText,
    attempt,
    hear(personaId, connectionId, text) {
      const said = wordsOf(personaId, "interaction", "sandbox", {
        text,
        authorId: "a1",
        authorHandle: "somebody.example",
        url: "https://example.com/1",
      });
      return internal(personaId, {
        type: "polled",
        connectionId,
        cursor: null,
        items: [{
          interaction: { kind: "mention", about: null, at: now() },
          sourceHash: hashJson(said.id),
          wordsRef: said.id,
          authorHash: "author",
          summons: true,
        }],
      }, [said]);
    },
    answerWith(given) {
      answer = given;
    },
    hold() {
      let release = () => {};
      held = new Promise<void>((resolve) => release = resolve);
      return () => {
        held = null;
        release();
      };
    },
    progress(personaId, postId, text) {
      for (const listener of progressListeners) listener({ personaId, postId, text });
    },
    setStatus,
    state: fold,
  };
}

const HOLD_A_PLACE: readonly ActorStatus["state"][] = ["starting", "running", "restarting"];

const STATE_AFTER: Record<ActorControl, ActorStatus["state"]> = {
  restart: "starting",
  hibernate: "asleep",
  wake: "starting",
  park: "parked",
  unpark: "starting",
};

/** What the real one refuses as well. */
function refusalOf(state: ActorStatus["state"], what: ActorControl): string | null {
  if (what === "unpark") return state === "parked" ? null : "It is not parked.";
  if (state === "parked") return "It is parked: unpark it first.";
  const isUp = state === "running" || state === "starting";
  if ((what === "restart" || what === "hibernate") && !isUp) return `It does not run: it is ${state}.`;
  return null;
}
