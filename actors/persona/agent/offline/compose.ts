/** Puts one post together: opening, middle, ending, in a mood, about a topic. Deterministic by the random source. */
import type { Identity } from "../../identity.ts";
import { countGraphemes } from "../text.ts";
import { type Brief, capital, type Topic } from "./brief.ts";
import { isGrave } from "./language.ts";
import type { ByMood, Mood, PhraseBook } from "./phrases.ts";
import type { Random } from "./random.ts";
import { knownAbout, type Voice } from "./voice.ts";

export interface Composition {
  identity: Identity;
  voice: Voice;
  brief: Brief;
  book: PhraseBook;
  maxGraphemes: number;
  /** Whether a sentence may be said: not banned, not said lately. */
  allows(sentence: string): boolean;
}

/** In this share of drafts the persona's own mood is used, otherwise a plain phrase. */
const MOOD_SHARE = 68;
const KNOWN_SHARE = 85;

/** The post, or the empty string when nothing fits. */
export function compose(composition: Composition, random: Random): string {
  const { voice, brief, book, identity } = composition;
  const topic = brief.topic.kind === "open" ? ownTopic(voice, random) : brief.topic;
  const about = "text" in topic ? topic.text : "";
  const slots = slotsFor(voice, about, random);
  const mood = brief.wishes.mood ??
    (random.chance(MOOD_SHARE) ? random.shuffled(voice.moods)[0] : undefined) ?? "plain";
  const pick = (phrases: ByMood, not: readonly string[] = []) =>
    firstFit(orderOf(phrases, mood, random), slots, composition, not);
  const among = (phrases: readonly string[]) => firstFit(random.shuffled(phrases), slots, composition, []);

  const grave = isGrave(about);
  const said: string[] = [];
  if (topic.kind === "hello") {
    said.push(among(book.hello.who), among(book.hello.what), among(book.hello.end));
  } else if (topic.kind === "statement") {
    said.push(
      topic.text,
      grave ? among(book.grave.closing) : among(book.afterStatement[statementKind(topic.text)]),
    );
  } else if (grave && topic.kind !== "open") {
    said.push(among(book.grave.opening), among(book.grave.middle), among(book.grave.closing));
  } else {
    const opening = topic.kind === "open"
      ? pick(book.nothing)
      : pick(book[topic.kind]) || withoutMark(topic.text, book, slots, composition, random);
    const known = random.chance(KNOWN_SHARE)
      ? random.shuffled(knownAbout(identity, about)).find(composition.allows) ?? ""
      : "";
    const middle = known || pick(book.middle);
    const second = pick(book.middle, [middle]);
    const asks = wantsQuestion(composition, topic, random);
    const ending = pick(asks ? book.asking : book.closing);
    const count = sentenceCount(composition, random);
    said.push(opening);
    if (count >= 3 || known !== "" || (count === 2 && random.chance(55))) said.push(middle);
    const sameWord = slots.i !== undefined && middle.includes(slots.i) && second.includes(slots.i);
    if (count >= 4 && !sameWord) said.push(second);
    if (count >= 3 || said.length < 2 || brief.wishes.question === true) said.push(ending);
  }
  const sentences = said.filter((sentence) => sentence !== "");
  return fit(dressed(sentences, composition, slots, grave, random), composition, sentences);
}

/** Where no opening is allowed, as with a banned question mark: the topic behind a colon. */
function withoutMark(
  topic: string,
  book: PhraseBook,
  slots: Slots,
  composition: Composition,
  random: Random,
): string {
  const bare = topic.replace(/[?!.\s]+$/u, "");
  return firstFit(
    orderOf(book.title, "plain", random),
    { ...slots, t: bare, T: capital(bare) },
    composition,
    [],
  );
}

function ownTopic(voice: Voice, random: Random): Topic {
  const text = random.shuffled([...voice.interests, ...voice.expertise])[0];
  return text === undefined ? { kind: "open" } : { kind: "thing", text };
}

type Slots = Readonly<Record<string, string | undefined>>;

function slotsFor(voice: Voice, topic: string, random: Random): Slots {
  const fresh = (items: readonly string[]) => {
    const used = topic.toLowerCase();
    return random.shuffled(
      items.filter((item) =>
        !used.includes(item.toLowerCase()) && !item.toLowerCase().includes(used || "\0")
      ),
    );
  };
  const [interest, other] = fresh(voice.interests);
  const [field] = fresh(voice.expertise).filter((item) => item !== interest && item !== other);
  const [value] = fresh(voice.values);
  const foreign = topic === "" ? undefined : topic;
  return {
    t: foreign,
    T: foreign === undefined ? undefined : capital(foreign),
    i: interest,
    j: other,
    x: field,
    X: field === undefined ? undefined : capital(field),
    v: value,
    name: voice.name || undefined,
  };
}

/** Phrases of the mood first, plain ones behind, each group in a random order. */
function orderOf(phrases: ByMood, mood: Mood, random: Random): string[] {
  const own = mood === "plain" ? [] : phrases[mood] ?? [];
  return [...random.shuffled(own), ...random.shuffled(phrases.plain)];
}

function firstFit(
  phrases: readonly string[],
  slots: Slots,
  composition: Composition,
  not: readonly string[],
): string {
  for (const phrase of phrases) {
    const filled = fill(phrase, slots);
    if (filled !== null && !not.includes(filled) && composition.allows(filled)) return filled;
  }
  return "";
}

/** The phrase with its slots filled; null when one has nothing. */
function fill(phrase: string, slots: Slots): string | null {
  let complete = true;
  const filled = phrase.replace(/\{(\w+)\}/g, (_all, name: string) => {
    const word = slots[name];
    if (word === undefined) complete = false;
    return word ?? "";
  });
  return complete ? filled : null;
}

function statementKind(text: string): keyof PhraseBook["afterStatement"] {
  if (/^(?:Thanks|Thank you)\b/.test(text)) return "thanks";
  if (/^(?:Happy|Merry|Good|Welcome|Wishing)\b/.test(text)) return "greeting";
  if (/^Congratulations/.test(text)) return "praise";
  if (/^You're invited/.test(text)) return "invitation";
  if (/^Tell me /.test(text)) return "question";
  return /^A small reminder/.test(text) ? "reminder" : "news";
}

function wantsQuestion({ voice, brief }: Composition, topic: Topic, random: Random): boolean {
  if (brief.wishes.question !== null) return brief.wishes.question;
  if (topic.kind === "question") return random.chance(20);
  return random.chance(voice.questions === null ? 45 : Math.min(Math.max(voice.questions, 15), 60));
}

function sentenceCount({ voice, brief }: Composition, random: Random): number {
  if (brief.wishes.length === "short") return 2;
  if (brief.wishes.length === "long") return 4;
  return Math.min(
    Math.max(voice.sentences + (random.chance(25) ? 1 : 0) - (random.chance(25) ? 1 : 0), 2),
    4,
  );
}

/** The sentences as the persona's examples look: case, exclamation, emoji, hashtags, a line between thoughts. */
function dressed(
  sentences: readonly string[],
  composition: Composition,
  slots: Slots,
  grave: boolean,
  random: Random,
): string[] {
  const { voice, brief } = composition;
  const lines = [...sentences];
  if (!grave && random.chance(Math.round(voice.exclaims * 0.7))) {
    const at = lines.findLastIndex((line, index) => index > 0 && /[^.]\.$/.test(line) && line.length < 70);
    if (at >= 0) lines[at] = lines[at]?.replace(/\.$/, "!") ?? "";
  }
  const shown = voice.lowercase ? lines.map((line) => line.toLocaleLowerCase()) : lines;
  const emoji = brief.wishes.emoji ?? (!grave && random.chance(Math.round(voice.emojiShare * 0.8)));
  const tag = brief.wishes.hashtags ?? (!grave && random.chance(Math.round(voice.hashtagShare * 0.8)));
  const extras: string[] = [];
  if (emoji) extras.push(random.shuffled(voice.emoji.length > 0 ? voice.emoji : DEFAULT_EMOJI)[0] ?? "");
  if (tag) extras.push(hashtagOf(topicTag(slots.t) ?? slots.i ?? slots.x ?? "", voice.lowercase));
  return [...shown, ...extras.filter((extra) => extra !== "" && composition.allows(extra))];
}

const DEFAULT_EMOJI = ["✨", "🌿", "👀", "☕", "🙂"];

/** A topic makes a tag when it is a few words without any grammar in them. */
function topicTag(topic: string | undefined): string | undefined {
  const bare = topic?.replace(/^(?:the|a|an|my|our)\s+/i, "") ?? "";
  return /^[\p{L}\p{N}-]{3,}(?: [\p{L}\p{N}-]{3,})?$/u.test(bare) ? bare : undefined;
}

function hashtagOf(words: string, lowercase: boolean): string {
  const parts = (words.match(/[\p{L}\p{N}]+/gu) ?? []).slice(0, 3);
  return parts.length === 0
    ? ""
    : `#${parts.map((part) => lowercase ? part.toLocaleLowerCase() : capital(part)).join("")}`;
}

/** The most sentences, from the front, that the platform has room for; breaks a line behind a long opening. */
function fit(lines: readonly string[], { maxGraphemes }: Composition, sentences: readonly string[]): string {
  const opening = lines[0] ?? "";
  const breaks = lines.length > 2 && sentences.length > 2 && opening.length > 60;
  for (let count = lines.length; count > 0; count--) {
    const kept = lines.slice(0, count);
    const [first, ...rest] = kept;
    const text = rest.length === 0
      ? first ?? ""
      : `${first}${breaks && rest.length > 1 ? "\n\n" : " "}${rest.join(" ")}`;
    if (countGraphemes(text) <= maxGraphemes) return text;
  }
  return opening;
}
