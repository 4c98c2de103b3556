/** From a model's answer to the text of a post, and the judgement whether there is one. */
import type { NotWritten, PromptMessage } from "./port.ts";
import { countGraphemes, repairText } from "./text.ts";

/** From this multiple of the platform's limit on, an answer is not a long post but something else. */
export const FAR_TOO_LONG = 3;

/** A refusal is short; a longer text that starts like one is a text about refusing. */
const REFUSAL_MAX_CHARS = 500;
/** A line of our instructions that comes back counts as an echo from this length on. */
const ECHO_MIN_CHARS = 60;
/** Under this share of different words, from this many words on, a model is stuck. */
const STUCK_SHARE = 0.15;
const STUCK_MIN_WORDS = 30;

const THOUGHTS = /^\s*<(think|thinking|reasoning)>[\s\S]*?(?:<\/\1>|$)/i;
const CODE_BLOCK = /^```[\w-]*[ \t]*\n?([\s\S]*)```$/;
const POST_NAME =
  "(?:blue ?sky |social media |short |new |possible |sample )*(?:post|skeet|tweet|draft|update|version|text)";
const LEAD_IN = new RegExp(
  `^(?:(?:sure(?: thing)?|certainly|of course|absolutely|okay|ok|great|gladly)[,!.:]*\\s+)?` +
    `here(?:'s|’s| is| are| you go)[,:]?(?: (?:a|an|the|your|my|one))? ${POST_NAME}` +
    `(?: (?:for|in|on|as|about|that)\\b[^:\\n]{0,80})?:[ \\t]*(?=\\n|["“„«'*])`,
  "i",
);
const LEAD_IN_INLINE = new RegExp(
  `^(?:(?:sure(?: thing)?|certainly|of course|absolutely|okay|ok)[,!.:]*\\s+)?here(?:'s|’s| is) (?:a|an|the|your) ${POST_NAME}:[ \\t]+`,
  "i",
);
const LABEL = /^\**(?:post|skeet|tweet|draft|bluesky post)\**:\**[ \t]*\n?/i;
const COUNT_REMARK =
  /\n+[ \t]*[([*]*\s*(?:character count|characters|word count|length|graphemes)\b[^\n]{0,60}$/i;
const QUOTES: readonly (readonly [string, string])[] = [
  ['"', '"'],
  ["“", "”"],
  ["„", "“"],
  ["«", "»"],
  ["»", "«"],
  ["‘", "’"],
  ["'", "'"],
  ["「", "」"],
];

/** The post inside an answer: without thoughts, lead-ins, wrapping quotes and code fences. Never longer, well-formed, idempotent. */
export function cleanAnswer(answer: string): string {
  let text = repairText(answer);
  for (;;) {
    const next = unwrapOnce(text).normalize("NFC");
    if (next === text) return text;
    text = next;
  }
}

/** What a person may see while an answer still grows: without thoughts, repaired. */
export function liveText(answer: string): string {
  // Half a surrogate pair at the end of what has arrived is not yet wrong.
  const whole = /[\ud800-\udbff]$/.test(answer) ? answer.slice(0, -1) : answer;
  return repairText(whole).replace(THOUGHTS, "").trimStart();
}

function unwrapOnce(text: string): string {
  const trimmed = text.replace(THOUGHTS, "").trim();
  const bare = trimmed.replace(LEAD_IN, "").replace(LEAD_IN_INLINE, "").replace(LABEL, "").replace(
    COUNT_REMARK,
    "",
  ).trim();
  const code = CODE_BLOCK.exec(bare)?.[1];
  if (code !== undefined && !code.includes("```")) return code.trim();
  for (const [open, close] of QUOTES) {
    if (bare.length < open.length + close.length || !bare.startsWith(open) || !bare.endsWith(close)) continue;
    const inner = bare.slice(open.length, -close.length);
    if (!inner.includes(open) && (close === "’" || !inner.includes(close))) return inner.trim();
  }
  return bare;
}

export interface Verdict {
  reason: Extract<NotWritten["reason"], "nonsense" | "refused">;
  detail: string;
}

/** Why a cleaned text is no post, or null. A text that is somewhat too long is one: policy judges that. */
export function judgeText(
  text: string,
  prompt: readonly PromptMessage[],
  maxGraphemes: number,
): Verdict | null {
  const nonsense = (detail: string): Verdict => ({ reason: "nonsense", detail });
  if (text === "") return nonsense("The model's answer was empty.");
  if (!/[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(text)) {
    return nonsense("The model answered with punctuation only.");
  }
  if (isRefusal(text)) return { reason: "refused", detail: "The model declined to write this." };
  if (echoesPrompt(text, prompt)) return nonsense("The model repeated its instructions instead of writing.");
  const length = countGraphemes(text);
  if (length > maxGraphemes * FAR_TOO_LONG) {
    return nonsense(`The model wrote ${length} characters where ${maxGraphemes} were allowed.`);
  }
  if (isStuck(text)) return nonsense("The model repeated the same words over and over.");
  return null;
}

const DECLINED_ACT =
  "(?:help (?:you )?with|assist|comply|fulfil|create|write|generate|produce|provide|compose|draft|continue with|do that|engage|share that|participate|answer that|support)";
const REFUSALS = [
  new RegExp(
    `^(?:(?:i['’]?m|i am) (?:very |really |so )?(?:sorry|afraid)|sorry|i apologi[sz]e|my apologies|unfortunately)\\b[^.\\n]{0,60}\\b` +
      `(?:can(?:no|['’])t|cannot|can not|won['’]t|will not|unable|not able)[^.\\n]{0,30}\\b${DECLINED_ACT}`,
    "i",
  ),
  new RegExp(
    `^(?:i|we) (?:can['’]t|cannot|can not|won['’]t|will not|am unable to|['’]m unable to|am not able to|must decline to) ${DECLINED_ACT}`,
    "i",
  ),
  new RegExp(`^i['’]m (?:unable|not able) to ${DECLINED_ACT}`, "i"),
  /^as an? (?:ai|artificial intelligence|large language model|language model)[^.\n]{0,40}\b(?:can(?:no|['’])t|cannot|am not able|am unable|['’]m not able|['’]m unable|won['’]t)\b/i,
  /^(?:es tut mir leid|tut mir leid|entschuldigung)[^.\n]{0,60}\b(?:kann|darf)\b[^.\n]{0,80}\bnicht\b/i,
  /^lo siento[^.\n]{0,40}\bno puedo (?:ayudar|escribir|crear|generar|cumplir|hacer)/i,
  /^(?:je suis désolée?|désolée?)[^.\n]{0,40}\bne peux pas (?:aider|vous aider|t['’]aider|écrire|créer|rédiger)/i,
];

/** Clear refusals only: "I can't help but smile" is none. */
export function isRefusal(text: string): boolean {
  return text.length <= REFUSAL_MAX_CHARS && REFUSALS.some((refusal) => refusal.test(text));
}

function echoesPrompt(text: string, prompt: readonly PromptMessage[]): boolean {
  const said = flat(text);
  return prompt.filter(({ role }) => role === "system")
    .flatMap(({ content }) => instructionLines(content))
    .some((line) => line.length >= ECHO_MIN_CHARS && said.includes(line));
}

/** The lines of a prompt outside its fences, which hold material that a post may well take up. */
function instructionLines(content: string): string[] {
  return content.replace(/^<<<([A-Z ]+) ([0-9a-f]+)\n[\s\S]*?\n\2 \1>>>$/gm, "").split("\n").map(flat);
}

function flat(text: string): string {
  return text.toLowerCase().replace(/\s+/g, " ").trim();
}

function isStuck(text: string): boolean {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.length >= STUCK_MIN_WORDS && new Set(words).size / words.length < STUCK_SHARE;
}
