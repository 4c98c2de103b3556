/**
 * What a brief asks for, as far as patterns can tell: a topic to fit into sentences, a statement to make, and wishes
 * about style. A brief is typed by a person, so it may be anything; what looks like an attempt to steer the machine
 * rather than the post is left out.
 */
import { cutAtWord, oneLine, repairText } from "../text.ts";
import { type Wishes, wishesIn, withoutWishes } from "./wishes.ts";

export type Topic =
  /** A noun phrase that can stand inside a sentence: "night trains". */
  | { kind: "thing"; text: string }
  /** A noun phrase that may begin with a name: it is only put where a sentence begins, or behind a colon. */
  | { kind: "title"; text: string }
  /** An indirect question: "why lindens drip on parked cars", "how to prune a rose". */
  | { kind: "clause"; text: string }
  /** A question as it is asked: "Why do lindens drip?" */
  | { kind: "question"; text: string }
  /** Whole sentences to say as they are: "We open at nine on Saturday." */
  | { kind: "statement"; text: string }
  | { kind: "hello" }
  /** Nothing that can be used: the persona picks. */
  | { kind: "open" };

export interface Brief {
  topic: Topic;
  wishes: Wishes;
}

/** A topic longer than this reads like a text of its own. */
const TOPIC_MAX_CHARS = 90;
const STATEMENT_MAX_CHARS = 230;

export const STEERING =
  /\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instruction|previous|above|rule|prompt|everything)|\b(?:system|developer) ?(?:prompt|message|mode)\b|\bapi[ _-]?keys?\b|\bpasswords?\b|\bjailbreak|\byou are now\b|\bact as\b|\bpretend\b.{0,20}\b(?:human|to be)\b|\b(?:say|claim|that) (?:that )?you(?:'re| are) (?:a |an )?(?:human|real|person|evil)\b|<\/?[a-z!|][^>]{0,80}>|\{\{|\$\{|<<<|>>>|\[inst\]|javascript:|drop table|\bprint (?:your|the)\b/i;

const PLACE_OR_TIME =
  /[,;]?\s+(?:(?:for|on|to) (?:bluesky|the sandbox|sandbox|twitter|x|mastodon|linkedin|social media|our followers)|(?:before|by|until|for) (?:tomorrow|tonight|monday|tuesday|wednesday|thursday|friday|saturday|sunday|noon|the weekend)|(?:in|with) (?:your|her|his|their) (?:own )?(?:voice|words|style)|please|thanks|thank you)(?=\s*(?:[,;.!]|$))/gi;

const POLITE =
  /^(?:(?:hi|hello|hey|ok|okay|so|well)\b[,!. ]+)?(?:(?:please|can you|could you|would you|i want you to|i'd like you to|i would like you to|i need you to|let'?s|you should)\s+)*/i;
const COMMAND =
  /^(?:write|compose|draft|post|create|make|do|give (?:me|us)|share|publish|prepare|generate|tweet|skeet|say|tell|talk|speak|think|muse|reflect|rant|comment|riff|explain|describe|discuss|explore|celebrate|introduce|promote|recommend|mention|highlight|compare|cover)\b(?:\s+(?:people|everyone|everybody|followers|our followers|your followers|readers|us|me|them|the world))?\s*/i;
const FORM =
  /^(?:(?:a|an|one|the|some|another|two|three|five|\d+)\s+)?(?:(?:new|quick|little|small|good|nice|funny|playful|witty|short|brief|long|warm|friendly|kind|dry|serious|thoughtful|poetic|bold|fun|interesting|social media|bluesky)[,]?\s+)*(?:posts?|tweets?|skeets?|threads?|notes?|updates?|jokes?|haikus?|poems?|limericks?|tips?|thoughts?|facts?|words?|lines?|paragraphs?|reflections?|observations?|stor(?:y|ies)|anecdotes?|texts?|(?:something|anything)(?: (?:new|nice|funny|playful|witty|short|warm|friendly|kind|dry|serious|thoughtful|poetic|bold|fun|interesting)\b)?|piece)\b\s*/i;
const LINK =
  /^(?:about|on|regarding|concerning|for|of|around|from|that (?:says|explains|describes|celebrates|mentions|talks about|is about)|saying|to say|explaining|describing|with|over)\b:?\s+/i;
const QUESTION_WORD = /^(?:why|how|what|when|where|who|whom|whose|which|whether|if)\b/i;
// Only right behind the question word: "why people are late" is no question as it is asked, "why are people late" is.
const INVERTED =
  /^(?:why|how|what|when|where|who|which)(?:['’]s|\s+(?:do|does|did|is|are|was|were|can|could|should|would|will|don['’]t|doesn['’]t|isn['’]t|aren['’]t|can['’]t|won['’]t)\b)/i;
const VERB =
  "am|is|are|was|were|will|has|have|had|can|do|does|did|open|opens|start|starts|launch|launched|opened|finished|released|moved|need|want|love|found|got|went|saw|learned|close|closes|begins|comes|goes|works?|runs?|hate|like|think|believe|know|explores?|shows?|invites?";
const SENTENCE_START = new RegExp(
  `^(?:we|i|it|there|they|you|he|she|today|tomorrow|tonight|yesterday|this|our|my|these|those|the|entry)\\b[^,;:]*\\b(?:${VERB})\\b` +
    `|^(?:we|i|it|they|there|you)['’](?:re|m|s|ve|ll)\\b`,
  "i",
);
const GREETING =
  /^(?:happy|merry|good (?:morning|night|evening|afternoon|luck)|welcome|congratulations|thank you|thanks)\b/i;
/** "Spring is here": a subject of a few words, and a verb that cannot be anything else. */
const SHORT_SENTENCE =
  /^(?!(?:why|how|what|when|where|who|which|whether|if)\b)(?:[\p{L}'’"“”-]+\s+){1,4}(?:is|are|was|were|has|have|will)\s+\S+[^?]*$/iu;
/** What was asked for. Pure; never throws. */
export function readBrief(brief: string, reason = ""): Brief {
  const text = repairText(brief).replace(/```[\s\S]*?(?:```|$)/g, " ").replace(/^\s*>.*$/gm, " ").slice(
    0,
    4_000,
  );
  const wishes = wishesIn(`${text.slice(0, 600)} . ${reason.slice(0, 600)}`);
  const all = splitSentences(text);
  const steered = all.findIndex((sentence) => STEERING.test(sentence));
  // What comes behind an attempt to steer the machine is most likely the rest of it.
  const sentences = steered === -1 ? all : all.slice(0, steered);
  const topics = sentences.map((sentence) => topicOf(sentence, sentences.length === 1)).filter((topic) =>
    topic !== null
  );
  const [topic, second] = topics;
  if (topic === undefined) return { topic: { kind: "open" }, wishes };
  if (topic.kind === "statement" && second?.kind === "statement") {
    const both = `${topic.text} ${second.text}`;
    if (both.length <= STATEMENT_MAX_CHARS) return { topic: { kind: "statement", text: both }, wishes };
  }
  return { topic, wishes };
}

function splitSentences(text: string): string[] {
  return text.split(/\n+|(?<=[.!?…。！？])\s+/u).map((part) => oneLine(part, 2_000)).filter((part) =>
    /[\p{L}\p{N}]/u.test(part)
  );
}

function topicOf(given: string, alone: boolean): Topic | null {
  const sentence = given.replace(/\bhttps?:\/\/\S+/gi, " ").replace(/\s+/g, " ").trim();
  const polite = withoutWishes(sentence).replace(PLACE_OR_TIME, "").replace(PLACE_OR_TIME, "").replace(
    POLITE,
    "",
  ).trim();
  if (
    /^(?:say |write |post )?(?:a )?(?:hello|hi|hey|hallo|hola|bonjour|greetings?|stelle? dich vor|présente-toi|preséntate|introduc(?:e|tion)\b(?: yourself)?(?: post)?|(?:your |a |my |the )?first post|who (?:are you|you are))\b[\s\p{L}]{0,24}[.!?]*$/iu
      .test(polite)
  ) {
    return { kind: "hello" };
  }
  const said = sayingOf(polite);
  if (said !== null) return said;

  const commanded = COMMAND.test(polite);
  const inner = polite.replace(COMMAND, "").replace(FORM, "").replace(LINK, "").replace(
    FORM,
    (form) => /tips|facts/i.test(form) ? form : "",
  )
    .replace(LINK, "").trim();
  // The question mark of "can you write about bees?" belongs to the request.
  const asksUs = /^(?:\S+[,!.]? )?(?:can|could|would|will) you\b/i.test(sentence);
  const bare = unquoted(inner.replace(/^[:,;–—\s]+/u, "")).replace(
    asksUs ? /[\s,;:?–—-]+$/u : /[\s,;:–—-]+$/u,
    "",
  ).trim();
  const words = bare.match(/[\p{L}\p{N}]+/gu) ?? [];
  if (
    words.length === 0 ||
    /^(?:post|something|anything|whatever|test|idk|asdf|it|that|this|you|me|yes|no|ok|go|surprise me|your choice|up to you|you like|you want)$/i
      .test(bare)
  ) {
    return null;
  }

  const led = commanded || inner !== polite;
  if (words.join("").length < (led ? 2 : 3)) return null;
  if (QUESTION_WORD.test(bare)) return questionOf(bare);
  if (/\?\s*$/.test(bare)) {
    return { kind: "question", text: capital(cutClause(bare.replace(/[?\s]+$/, ""))) + "?" };
  }
  const plain = !led || /^(?:post|tweet|text|draft|say|write):/i.test(polite);
  if (plain && GREETING.test(bare)) return statement(bare.replace(/\s+(?:post|tweet|message)$/i, ""));
  if (plain && SHORT_SENTENCE.test(bare)) return statement(bare);
  if (!led && (SENTENCE_START.test(bare) || /[.!…]$/.test(bare) && words.length > 5)) return statement(bare);
  if (SENTENCE_START.test(bare) && words.length > 3 && !/^the\b/i.test(bare)) return statement(bare);
  if (/^to (?:\w+ ){0,2}(?:followers|people|everyone|everybody|readers|us|me|them)$/i.test(bare)) return null;
  const topic = cutClause(bare.replace(/[.!?…]+$/u, "")).replace(/^your\b/i, "my");
  if (topic === "") return null;
  if (!alone && !led && words.length < 2) return null;
  // As typed behind "about …" the case is the person's; at the start of a brief a capital tells nothing.
  return led || /^\p{Ll}/u.test(topic) ? { kind: "thing", text: topic } : { kind: "title", text: topic };
}

/** Requests to say something to somebody: they become the sentence that is said. */
function sayingOf(text: string): Topic | null {
  const patterns: readonly (readonly [RegExp, (rest: string) => string])[] = [
    [
      /^(?:invite|ask)\s+(?:people|everyone|everybody|(?:our |your |my )?followers|readers|all|the public|them)\s+to\s+(.+)$/i,
      (rest) => `You're invited to ${rest}`,
    ],
    [/^(?:thank|say thanks? to|say thank you to)\s+(.+)$/i, (rest) => `Thanks to ${rest}`],
    [/^congratulate\s+(.+)$/i, (rest) => `Congratulations to ${rest}`],
    [
      /^(?:remind|warn)\s+(?:people|everyone|everybody|(?:our |your |my )?followers|readers|them)?\s*((?:to|that|about|of)\s+.+)$/i,
      (rest) => `A small reminder ${rest.replace(/^of\b/i, "about")}`,
    ],
    [
      /^wish\s+(?:people|everyone|everybody|(?:our |your |my )?followers|readers|all|them)\s+(.+)$/i,
      (rest) => `Wishing everyone ${rest}`,
    ],
    [
      /^(?:announce|say|tell (?:people|everyone|(?:our |your |my )?followers)|let (?:people|everyone|(?:our |your |my )?followers) know|share|mention|note|add|post|write)\s+that\s+(.+)$/i,
      (rest) => capital(inFirstPerson(rest)),
    ],
    [/^(?:announce)\s+(.+)$/i, (rest) => `Announcing ${rest}`],
  ];
  for (const [pattern, form] of patterns) {
    const rest = pattern.exec(text)?.[1]?.trim();
    if (rest) return statement(form(rest));
  }
  const asked =
    /^ask\s+(?:people|everyone|everybody|(?:our |your |my )?followers|readers|them)\s+(?:about\s+)?(.+)$/i
      .exec(text)?.[1]?.trim();
  if (!asked) return null;
  if (!QUESTION_WORD.test(asked)) return { kind: "thing", text: cutClause(asked.replace(/[.!?…]+$/u, "")) };
  const yours = asked.replace(/\bthey're\b/gi, "you're").replace(/\bthey\b/gi, "you").replace(
    /\btheir\b/gi,
    "your",
  ).replace(/\bthem\b/gi, "you");
  return statement(`Tell me ${yours.replace(/[.!?…]+$/u, "")}`);
}

function questionOf(text: string): Topic {
  const bare = cutClause(text.replace(/[.!?…\s]+$/u, ""));
  if (/\?\s*$/.test(text) || INVERTED.test(bare)) {
    return { kind: "question", text: `${capital(bare)}?` };
  }
  return { kind: "clause", text: bare.charAt(0).toLowerCase() + bare.slice(1) };
}

function statement(text: string): Topic {
  const whole = oneLine(text, 2_000);
  const clause = whole.slice(0, STATEMENT_MAX_CHARS).replace(/[,;:–—][^,;:–—]*$/u, "");
  const fits = clause.length > 40 && clause.length < STATEMENT_MAX_CHARS;
  const kept = whole.length <= STATEMENT_MAX_CHARS
    ? whole
    : fits
    ? clause
    : cutAtWord(whole, STATEMENT_MAX_CHARS);
  const said = capital(kept.replace(/[\s,;:]+$/u, ""));
  return { kind: "statement", text: /[.!?…]["”’)]?$/u.test(said) ? said : `${said}.` };
}

/** "that you're away" is said by the persona itself. */
function inFirstPerson(text: string): string {
  return text.replace(/^you['’]re\b/i, "I'm").replace(/^you are\b/i, "I am").replace(
    /^you['’](ve|ll)\b/i,
    "I'$1",
  )
    .replace(/^you\b/i, "I").replace(/\byour\b/gi, "my");
}

/** Without quotation marks that go around the whole. */
function unquoted(text: string): string {
  const inner = /^["“„«'‘](.*)["”“»'’]$/su.exec(text)?.[1];
  return inner !== undefined && !/["“”„«»]/u.test(inner) ? inner : text;
}

/** The head of a long phrase: up to its first clause, then up to a whole word. */
function cutClause(text: string): string {
  const tight = text.trim();
  if (tight.length <= TOPIC_MAX_CHARS) return tight;
  const clause = tight.slice(0, TOPIC_MAX_CHARS + 1).split(
    /[,;:(–—]|\s-\s|\s(?:and|but|because|which|who|so that|including|with|while|where|when)\s/u,
  )[0]?.trim() ?? "";
  if (clause.length >= 8 && clause.length <= TOPIC_MAX_CHARS) return clause;
  return tight.slice(0, TOPIC_MAX_CHARS).replace(/\s+\S*$/u, "").toWellFormed().replace(
    /(?:\s+(?:the|a|an|of|to|in|on|at|for|and|or|with|by|from|that|is|are))+$/i,
    "",
  );
}

export function capital(text: string): string {
  return text.replace(
    /^(["“„«'‘(]*)(\p{Ll})/u,
    (_all, before: string, first: string) => before + first.toUpperCase(),
  );
}
