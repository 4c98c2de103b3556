/** What the audience does about a post: from its words and a seed alone, so that the same gives the same. Pure. */
import { hashJson } from "../../actors/persona/content.ts";
import type { Random } from "../../actors/ports.ts";
import type { Heard, NewAct } from "../../db/sandbox/acts.ts";
import { CAST, type Character } from "./cast.ts";

/** Texts about one post; likes and their like are bounded by the number of people. */
export const MOST_ANSWERS = 3;
/** How often one of the audience answers a persona's replies in one conversation. */
export const MOST_EXCHANGES = 2;

export interface Said extends Heard {
  /** The sandbox's id of the post. */
  id: string;
  /** The author's, without the `@`. */
  handle: string;
  text: string;
}

/** In the order in which they happen. */
export function actsOn(said: Said, seed: number): NewAct[] {
  const acts = CAST.flatMap((character) => {
    const random = randomOf(hashJson({ seed, by: said.handle, text: said.text, who: character.id }));
    return said.isReply ? onReply(said, character, random) : onPost(said, character, random);
  }).toSorted((a, b) => a.afterMs - b.afterMs || (a.id < b.id ? -1 : 1));
  const spoken = acts.filter(({ text }) => text !== "").slice(0, MOST_ANSWERS);
  return acts.filter((act) => act.text === "" || spoken.includes(act));
}

function onPost(said: Said, character: Character, random: Chance): NewAct[] {
  const { likes, reposts, follows, answers, quotes, mentions, lines } = character;
  const act = actor(said, character, random);
  // Every number is drawn, whatever came of the others: a changed likelihood changes one thing.
  return [
    act("like", likes),
    act("repost", reposts),
    act("follow", follows),
    act("reply", answers, lines.answer),
    act("quote", quotes, lines.quote),
    act("mention", mentions, lines.mention),
  ].filter((one) => one !== null);
}

/** Parts of a thread and talk between personas are left alone: only who was answered goes on. */
function onReply(said: Said, character: Character, random: Chance): NewAct[] {
  if (said.answers?.accountId !== character.id) return [];
  const act = actor(said, character, random);
  const speaks = said.answers.exchanged < MOST_EXCHANGES ? character.answersBack : 0;
  return [
    act("like", Math.max(0.5, character.likes)),
    act("reply", speaks, character.lines.back),
  ].filter((one) => one !== null);
}

function actor(said: Said, { id, pace: [least, most] }: Character, random: Chance) {
  return (kind: NewAct["kind"], likelihood: number, lines: string[] = []): NewAct | null => {
    const [chance, delay, line, topic, other] = [
      random.number(),
      random.number(),
      random.number(),
      random.number(),
      random.number(),
    ];
    if (chance >= likelihood) return null;
    return {
      id: `${id}.${hashJson([said.id, kind]).slice(0, 20)}`,
      accountId: id,
      kind,
      text: filled(lines[Math.floor(line * lines.length)] ?? "", said, topic, other),
      afterMs: Math.round(least + delay * (most - least)),
    };
  };
}

/** Words are letters only: nothing that a post says can become more than a word in an answer. */
function filled(line: string, { text, handle }: Said, topic: number, other: number): string {
  const words = wordsOf(text);
  const at = Math.floor(topic * words.length);
  const rest = words.toSpliced(at, 1);
  const slots: Record<string, string> = {
    topic: words[at] ?? "this",
    other: rest[Math.floor(other * rest.length)] ?? "the rest",
    handle: `@${handle}`,
  };
  return line.replace(/\{(\w+)\}/g, (slot, name: string) => slots[name] ?? slot);
}

/** Long words that are about nothing. */
const EMPTY = new Set(
  `about across after again against almost already always another answers anything around because become becomes before
  behind being below between beyond cannot change could differently during either enough entirely every everybody everyone
  everything exactly except going happens having herself himself however instead itself later likely maybe merely might
  mostly myself neither nobody nothing often otherwise people perhaps probably quickly quite rather really second several
  should simply slowly somebody someone something sometimes somewhere their themselves there therefore these things think
  third those though through together toward towards under unless until usually where whether which while whoever whole
  without would yourself`.split(/\s+/),
);

/** What a post may be about: its longer words, without names and addresses. */
function wordsOf(text: string): string[] {
  const words = text.replace(/https?:\/\/\S+|@\S+/g, " ").matchAll(/\p{L}{5,24}/gu);
  return [...new Set([...words].map(([word]) => word.toLowerCase()))].filter((word) => !EMPTY.has(word));
}

type Chance = Pick<Random, "number">;

/** Mulberry32 from the first 32 bits of a hash: small, deterministic, good enough for choosing lines. */
function randomOf(hash: string): Chance {
  let state = Number.parseInt(hash.slice(0, 8), 16);
  return {
    number() {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
    },
  };
}
