/** Test equipment: personas without workers. Each folds its events, decides, and appends to the log given, one command at a time. */
import type { Command } from "../actors/persona/commands.ts";
import { hashJson } from "../actors/persona/content.ts";
import { decide } from "../actors/persona/decide.ts";
import type { Context } from "../actors/persona/decide/decision.ts";
import { EVENT_SCHEMA } from "../actors/persona/events.ts";
import { evolve } from "../actors/persona/evolve.ts";
import type { Outcome } from "../actors/persona/platforms/port.ts";
import { initialState, type PersonaState } from "../actors/persona/state.ts";
import { answerOf } from "../actors/supervisor/recording.ts";
import type { CommandAnswer, Sender } from "../actors/supervisor/supervisor_port.ts";
import type { AppendResult, EventLog, ForeignWords, Json } from "../db/log/log.ts";

export interface InProcessPersonas {
  /** A command of somebody outside. */
  give(personaId: string, command: Command, sender: Sender): Promise<CommandAnswer>;
  /** A command of the persona's own effects: `written`, `outcome`… */
  internal(personaId: string, command: Command, words?: ForeignWords[]): Promise<CommandAnswer>;
  /** Writes `text` for a post that was asked for. */
  write(personaId: string, postId: string, text: string): Promise<CommandAnswer>;
  /** Makes one attempt to publish, with this outcome. @default sent */
  attempt(personaId: string, postId: string, outcome?: Outcome): Promise<CommandAnswer>;
  /** Somebody outside says something. */
  hear(personaId: string, connectionId: string, text: string): Promise<CommandAnswer>;
  state(personaId: string): Promise<PersonaState>;
}

export function inProcessPersonas({ log, now }: { log: EventLog; now: () => number }): InProcessPersonas {
  const queues = new Map<string, Promise<unknown>>();
  const states = new Map<string, PersonaState>();
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
      if (seen !== null) return await answerOf(log, sender.id, seen);
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
        return await answerOf(log, sender.id, result.seen);
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

  return {
    give: (personaId, command, sender) => inTurn(personaId, () => run(personaId, command, sender)),
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
    state: fold,
  };
}
