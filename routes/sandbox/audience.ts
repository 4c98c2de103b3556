/** The people of the sandbox: they answer what personas post, by simple scripts, the same for the same post. */

export interface Voice {
  id: string;
  handle: string;
  name: string;
}

export interface Answer {
  voice: Voice;
  text: string;
  /** ms after the post. */
  afterMs: number;
}

/** Their handles have an underscore: a persona's handle has none, so nobody can take one of these first. */
const VOICES: Voice[] = [
  { id: "audience-wren", handle: "wren_okoye", name: "Wren Okoye" },
  { id: "audience-tomas", handle: "tomas_reads", name: "Tomas Lind" },
  { id: "audience-yuki", handle: "yuki_h", name: "Yuki Hara" },
  { id: "audience-bel", handle: "bel_on_bikes", name: "Bel Moreau" },
];

const LINES: ((topic: string) => string)[] = [
  (topic) => `I had never thought about ${topic} that way. Where would you start reading?`,
  (topic) => `Is that true everywhere, or just where you looked at ${topic}?`,
  () => "Sharing this with my sister, she asked me exactly this last week.",
  (topic) => `Not sure I agree about ${topic}, but this made me stop scrolling.`,
  () => "More of this, please.",
  (topic) => `What is the one thing most people get wrong about ${topic}?`,
];

/** None to two answers, chosen by `seed` (any whole number). */
export function answersTo(text: string, seed: number): Answer[] {
  const next = generator(seed);
  const topic = topicOf(text, next);
  return Array.from({ length: Math.floor(next() * 3) }, (_, index) => ({
    voice: pick(VOICES, next),
    text: pick(LINES, next)(topic),
    afterMs: Math.round(1_500 + index * 2_000 + next() * 2_000),
  })).filter((answer, index, all) => all.findIndex((other) => other.voice.id === answer.voice.id) === index);
}

function topicOf(text: string, next: () => number): string {
  const words = [...text.matchAll(/\p{L}{6,}/gu)].map((match) => match[0].toLowerCase());
  return words.length === 0 ? "this" : pick(words, next);
}

function pick<T>(from: T[], next: () => number): T {
  return from[Math.floor(next() * from.length)] as T;
}

/** Mulberry32: small, deterministic, good enough for choosing lines. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
