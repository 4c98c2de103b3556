/**
 * The writer that needs no model, no key and no network: it puts posts together from what the persona is and what the
 * brief asks for, and answers by the kind of thing that was said. It says that it is one in `model` and `answer`, never in the text, which is fit to be published.
 */
import { composeAnswer } from "./offline/answer.ts";
import { type Brief, capital, readBrief } from "./offline/brief.ts";
import { compose } from "./offline/compose.ts";
import { bookFor, languageOf, withoutRequest } from "./offline/language.ts";
import { english } from "./offline/phrases_en.ts";
import { randomFor } from "./offline/random.ts";
import { kindOf } from "./offline/said.ts";
import { voiceOf } from "./offline/voice.ts";
import type { PromptMessage, Writer, WritingRequest } from "./port.ts";
import type { WriterPorts } from "./ports.ts";
import { countGraphemes, cutAtWord, graphemesOf, oneLine, repairText } from "./text.ts";

export const OFFLINE_MODEL = "offline-writer";
export const OFFLINE_TEMPLATE_VERSION = "offline-2";

/** The text comes in so many steps, so far apart: quick, and still seen to arrive. */
const STEPS = 3;
const STEP_MS = 100;

/** Of a brief that is not read for its grammar, so many graphemes are the topic. */
const FOREIGN_TOPIC_MAX = 90;

/** Other compositions are tried until one is unlike everything said lately. */
const ATTEMPTS = 24;
/** Of the phrases of four words of a draft, this share may have been said lately. */
const REPEAT_SHARE = 0.25;

export function offlineWriter(ports: WriterPorts): Writer {
  return {
    async write(request, signal, onText) {
      const started = ports.now();
      const text = writeOffline(request);
      const common = {
        prompt: promptOf(request),
        model: OFFLINE_MODEL,
        templateVersion: OFFLINE_TEMPLATE_VERSION,
      };
      for (const part of growing(text)) {
        if (signal.aborted) break;
        onText(part);
        if (part !== text) await pause(STEP_MS, signal, ports);
      }
      const durationMs = ports.now() - started;
      if (signal.aborted) {
        const detail = "It was stopped before the text was finished.";
        return {
          kind: "not_written",
          reason: "broken_off",
          detail,
          retryable: true,
          retryAt: null,
          answer: "",
          durationMs,
          ...common,
        };
      }
      const answer =
        `[${OFFLINE_MODEL}: put together from phrases, no model was asked; seed ${request.seed}]\n${text}`;
      return {
        kind: "written",
        text,
        answer,
        inputTokens: 0,
        outputTokens: 0,
        costMicroUsd: 0,
        durationMs,
        ...common,
      };
    },
  };
}

/** The post for a request. Pure: the same request gives the same text; never empty, within the limit, without banned words. */
export function writeOffline(request: WritingRequest): string {
  const { identity, maxGraphemes, answering } = request;
  const avoid = [...request.recentTexts, ...(request.previous ? [request.previous.text] : [])].map(
    comparable,
  );
  const banned = identity.bannedWords.map(comparable).filter((word) => word !== "");
  const isBanned = (text: string) => banned.some((word) => comparable(text).includes(word));
  const book = bookFor(identity.language)?.book ?? null;
  const brief = briefFor(request);
  const voice = voiceOf(identity);
  const saidLately = new Set(avoid.flatMap(phrasesOf));

  let best: { text: string; repeats: number } | null = null;
  // An answer is short, and to somebody else each time: one that was given before is better than one that does not fit.
  let again: string | null = null;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const random = randomFor(
      `${request.seed}/${attempt}/${request.brief}${
        answering?.text ?? ""
      }/${identity.name}/${request.platform}`,
    );
    // The first half of the attempts looks for sentences that were not said at all, the rest takes what there is.
    const strict = attempt < ATTEMPTS / 2;
    const allows = (sentence: string) =>
      !isBanned(sentence) && !(request.recentTexts.length > 0 && FIRST_POST.test(sentence)) &&
      !(strict && avoid.some((text) => text.includes(comparable(sentence))));
    const composed = answering !== undefined
      ? composeAnswer({ identity, voice, answering, brief, maxGraphemes, allows }, random)
      : book === null
      ? withoutBook(brief, voice, random.next(1_000))
      : compose({ identity, voice, brief, book, maxGraphemes, allows }, random);
    const text = cutAtWord(composed.trim(), maxGraphemes);
    if (text === "" || isBanned(text) || !/[\p{L}\p{N}]/u.test(text)) continue;
    if (avoid.includes(comparable(text))) {
      if (answering !== undefined) again ??= text;
      continue;
    }
    const phrases = phrasesOf(comparable(text));
    const repeats = phrases.length === 0
      ? 0
      : phrases.filter((phrase) => saidLately.has(phrase)).length / phrases.length;
    if (repeats <= REPEAT_SHARE) return text;
    if (best === null || repeats < best.repeats) best = { text, repeats };
  }
  return best?.text ?? again ??
    lastResort(
      answering === undefined ? LAST_POSTS : LAST_ANSWERS,
      { maxGraphemes, isBanned, avoid },
      request.seed,
    );
}

/** The brief as the persona's phrase book can use it. Only English is read for its grammar. */
function briefFor(request: WritingRequest): Brief {
  const { identity, previous } = request;
  const code = (identity.language.trim() || "en").split("-")[0]?.toLowerCase() ?? "en";
  const language = languageOf(request.brief);
  const isEnglish = language === "en" || (language === null && (code === "en" || bookFor(code) === null));
  const brief = readBrief(request.brief, previous?.reason ?? "");
  const { topic, wishes } = brief;
  if (!("text" in topic) || (isEnglish && code === "en")) return brief;
  const bare = isEnglish ? topic.text.replace(/[.?!…\s]+$/u, "") : foreignTopic(request.brief);
  if (bare === "") return { topic: { kind: "open" }, wishes };
  if (language !== code && language !== null && bookFor(code) !== null) {
    // A topic in another language than the persona's is quoted, never half translated.
    const text = code === "de" ? `„${bare}“` : code === "fr" ? `« ${bare} »` : `“${bare}”`;
    return { topic: { kind: "title", text }, wishes };
  }
  if (/\?\s*$/.test(request.brief)) {
    const open = code === "es" && !bare.startsWith("¿") ? "¿" : "";
    return {
      topic: { kind: "question", text: `${open}${capital(bare)}${code === "fr" ? " ?" : "?"}` },
      wishes,
    };
  }
  const requested = withoutRequest(oneLine(request.brief, 600)) !== oneLine(request.brief, 600);
  if (QUESTION_WORD.test(bare)) return { topic: { kind: "clause", text: bare }, wishes };
  if (
    !requested && /\S+(?:\s+\S+){3,}[.!]\s*$/u.test(request.brief) && countGraphemes(bare) < FOREIGN_TOPIC_MAX
  ) {
    return { topic: { kind: "statement", text: `${capital(bare)}.` }, wishes };
  }
  // "über den Regen" is about "der Regen"; the other articles are the same in both cases.
  const text = code === "de" && requested ? bare.replace(/^den\s/, "der ") : bare;
  return { topic: { kind: requested ? "thing" : "title", text }, wishes };
}

/** What only a first post may say. */
const FIRST_POST = /\b(?:first post|new here|erster Beitrag|neu hier|premier message|primer mensaje)\b/i;

const QUESTION_WORD =
  /^(?:warum|wieso|weshalb|wie|was|wann|wo|wer|ob|pourquoi|comment|quand|où|qui|por qué|cómo|cuándo|dónde|quién)\b/iu;

/** The first sentence of a brief in another language, without the request to write. */
function foreignTopic(brief: string): string {
  const line = oneLine(brief.replace(/```[\s\S]*?(?:```|$)/g, " "), 600);
  const sentence = withoutRequest(line).split(/(?<=[.!?…。！？])\s*/u)[0] ?? "";
  return cutAtWord(sentence.replace(/[.?!…。！？\s]+$/u, ""), FOREIGN_TOPIC_MAX);
}

/** Without a phrase book for the language: the topic in its own words, and the persona's own interests. */
function withoutBook(brief: Brief, voice: ReturnType<typeof voiceOf>, choice: number): string {
  const topic = "text" in brief.topic ? brief.topic.text : "";
  const own = [...voice.interests, ...voice.expertise, ...voice.values];
  const shift = own.length === 0 ? 0 : choice % own.length;
  const rotated = [...own.slice(shift), ...own.slice(0, shift)].filter((item) => item !== topic);
  const separator = [" · ", " — ", " / "][choice % 3] ?? " · ";
  return [topic, ...rotated.slice(0, topic === "" ? 3 : 2)].filter((item) => item !== "").join(separator) ||
    voice.name;
}

const LAST_WORDS = ["…", "🙂", "🌿", "✨", "–", "*"];
const LAST_POSTS = [
  ...english.nothing.plain,
  ...english.closing.plain,
  "More soon.",
  "Hello.",
  "Hi",
  "OK",
  "Yes",
  ...LAST_WORDS,
];
const LAST_ANSWERS = ["Thank you.", "Thanks for writing.", "Thanks.", "Noted.", "🙏", ...LAST_WORDS];

interface Bounds {
  maxGraphemes: number;
  isBanned(text: string): boolean;
  avoid: readonly string[];
}

/** Something publishable when every composition is banned, said before or too long: a character at the least. */
function lastResort(
  phrases: readonly string[],
  { maxGraphemes, isBanned, avoid }: Bounds,
  seed: number,
): string {
  const room = Math.max(maxGraphemes, 1);
  const turned = phrases.map((_phrase, index) => phrases[(index + seed) % phrases.length] ?? "");
  const fitting = turned.filter((text) => countGraphemes(text) <= room && !isBanned(text));
  const found = fitting.find((text) => !avoid.includes(comparable(text))) ?? fitting[0];
  if (found !== undefined) return found;
  for (let code = 0x21; code < 0x2fff; code++) {
    const character = String.fromCodePoint(code);
    if (/[\p{L}\p{N}\p{P}\p{S}]/u.test(character) && !isBanned(character)) return character;
  }
  return "·";
}

function comparable(text: string): string {
  return repairText(text).toLowerCase().replace(/\s+/g, " ").trim();
}

/** Every run of four words of a text, without what the topic itself repeats. */
function phrasesOf(text: string): string[] {
  const words = text.match(/[\p{L}\p{N}'’]+/gu) ?? [];
  return words.slice(0, Math.max(words.length - 3, 0)).map((_word, at) => words.slice(at, at + 4).join(" "));
}

/** The text in a few steps, the last one whole, cut between graphemes. */
function growing(text: string): string[] {
  const graphemes = graphemesOf(text);
  const ends = Array.from(
    { length: STEPS - 1 },
    (_, step) => Math.ceil(graphemes.length * (step + 1) / STEPS),
  );
  return [...new Set([...ends.map((end) => graphemes.slice(0, end).join("")), text])];
}

function pause(ms: number, signal: AbortSignal, ports: WriterPorts): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      cancel();
      signal.removeEventListener("abort", done);
      resolve();
    };
    const cancel = ports.after(ms, done);
    signal.addEventListener("abort", done, { once: true });
  });
}

/** The contract asks for a prompt: one message that says what this writer was given. */
function promptOf(request: WritingRequest): PromptMessage[] {
  const { identity, previous, answering } = request;
  const content = [
    `The ${OFFLINE_MODEL} was given, without any model:`,
    `persona: ${oneLine(identity.name, 80)}; language: ${
      oneLine(identity.language, 35) || "en"
    }; platform: ${request.platform}; ` +
    `at most ${request.maxGraphemes} characters; seed ${request.seed}; ${request.recentTexts.length} recent texts to stay clear of`,
    `brief: ${repairText(request.brief).slice(0, 4_000)}`,
    ...(answering
      ? [`answering: a ${answering.kind}, taken as "${kindOf(answering.text)}"; of its words nothing is used`]
      : []),
    ...(previous ? [`instead of an earlier draft, because: ${oneLine(previous.reason, 500)}`] : []),
  ].join("\n");
  return [{ role: "user", content: content.toWellFormed() }];
}
