/** What somebody outside said, as far as patterns in four languages can tell: what kind of answer fits, never what to do. */
import { repairText } from "../text.ts";
import { STEERING } from "./brief.ts";
import { isGrave } from "./language.ts";

export const SAID_KINDS = [
  /** Whether a machine writes, or who runs it. */
  "asks_who",
  /** An attempt to steer the machine. */
  "steers",
  /** Asks for, or offers, what has no place in public. */
  "private",
  /** A promise, an assurance, money back: not for a persona to give. */
  "wants_promise",
  "advert",
  "insult",
  "grave",
  "disagrees",
  "thanks",
  "praise",
  "question",
  "greeting",
  "remark",
] as const;
export type SaidKind = typeof SAID_KINDS[number];

/** So much of a text is looked at. */
const MAX_CHARACTERS = 4_000;

/** `\b` knows ASCII letters only. */
const word = (alternatives: string) =>
  new RegExp(`(?<![\\p{L}\\p{N}])(?:${alternatives})(?![\\p{L}\\p{N}])`, "iu");

const MACHINE =
  "(?:an? |the |just |really |only |some )*(?:ai|a\\.i\\.|bot|chat ?bot|robot|machine|computer|program|llm|language model|gpt|human(?: being)?|person|real|automated)";
const ASKS_WHO = [
  word(`(?:are|r) (?:you|u) (?:actually )?${MACHINE}`),
  word(
    `(?:is|was) (?:this|that|it|there)(?: account| profile)? (?:actually )?(?:run by |written by |posted by )?${MACHINE}`,
  ),
  word("who (?:runs|is behind|writes|made|built|operates|owns|controls|are) (?:you|this(?: account| bot)?)"),
  word(
    "(?:is there|talking to|speaking to|am i talking to) (?:an? )?(?:real |actual )?(?:human|person|bot|ai|machine)",
  ),
  word(
    "(?:bist du|sind sie|seid ihr|ist das|ist hier) (?:denn |eigentlich |wirklich |echt |nur )*(?:eine? |ein |echt(?:er|e)? )*(?:ki|bot|roboter|maschine|mensch|programm|person|automat)",
  ),
  word("(?:wer (?:steckt|steht) (?:dahinter|hinter)|wer betreibt|wer schreibt hier)"),
  word(
    "(?:es-tu|êtes-vous|t['’]es|tu es|vous êtes|c['’]est) (?:vraiment )?(?:une? )?(?:ia|bot|robot|machine|humaine?|vraie? personne|programme)",
  ),
  word("qui (?:est derrière|gère|écrit ici|te dirige)"),
  word(
    "(?:eres|es usted|sois|es) (?:realmente )?(?:una? )?(?:ia|bot|robot|máquina|humano|humana|persona real|programa)",
  ),
  word("quién (?:está detrás|escribe aquí|te maneja|lleva esta cuenta)"),
];
const STEERS = [
  STEERING,
  word(
    "(?:ignorier\\w*|vergiss|missachte|überschreib\\w*)(?=[^.!?]{0,60}(?:anweisung|regel|vorgabe|instruktion|bisher|prompt))|" +
      "(?:ignore[zr]?|oublie[zr]?)(?=[^.!?]{0,60}(?:instruction|consigne|règle|précédent))|" +
      "(?:ignora|olvida)(?=[^.!?]{0,60}(?:instruccion|regla|anterior))",
  ),
  word(
    "new (?:rules?|instructions?)|developer mode|repeat (?:the text|everything|after me)|(?:answer|reply|respond) only with|from now on,? you",
  ),
  /^\s*(?:system|assistant|user|developer)\s*:/im,
];
const PRIVATE = word(
  "(?:your|you|u) (?:phone|phone number|number|address|e-?mail|e-?mail address|password|real name)|dm me|send me (?:a )?(?:dm|private message)|where do you live|" +
    "deine? (?:telefonnummer|nummer|adresse|e-?mail|passwort)|schreib mir privat|wo wohnst du|" +
    "ton (?:numéro|adresse|mot de passe|e-?mail)|en privé|où habites-tu|" +
    "tu (?:número|dirección|contraseña|correo)|por privado|dónde vives",
);
const WANTS_PROMISE = word(
  "promise|guarantee|refund|money back|discount|free sample|versprich\\w*|versprechen|garantier\\w*|garantie|rückerstattung|rabatt|promets|promettre|promettez|garantis|rembours\\w*|promete[rs]?|garantiza\\w*|reembols\\w*",
);
const ADVERT = [
  word(
    "crypto|bitcoin|giveaway|airdrop|forex|casino|onlyfans|promo code|click (?:here|the link)|follow (?:me )?back|followers for|earn money|passive income|gewinnspiel|geld verdienen|gagner de l['’]argent|gana dinero",
  ),
];
const INSULT = word(
  "idiots?|stupid|dumb|moron|shut up|loser|trash|garbage|pathetic|you suck|fuck\\w*|bullshit|dumm\\w*|halt die klappe|schwachsinn|idiot(?:e|en|in)?|débile|ferme-la|nulle?|ta gueule|idiota|estúpid[oa]|cállate|basura",
);
const DISAGREES = word(
  "disagree|not true|wrong|incorrect|untrue|nonsense|not convinced|don['’]t (?:think so|agree|believe)|doubt (?:it|that)|that['’]s not|mistaken|actually,? no|" +
    "stimmt nicht|falsch|unsinn|quatsch|sehe (?:ich|das) anders|nicht einverstanden|glaube ich nicht|widerspreche|" +
    "pas d['’]accord|c['’]est faux|pas vrai|n['’]importe quoi|je ne crois pas|" +
    "no estoy de acuerdo|no es (?:cierto|verdad)|es falso|no creo|te equivocas",
);
const THANKS = word(
  "thanks|thank you|thx|cheers|much appreciated|danke(?:schön)?|vielen dank|dankeschön|merci(?: beaucoup)?|gracias|muchas gracias",
);
const PRAISE = word(
  "love (?:this|that|it|your)|lovely|great|beautiful|wonderful|brilliant|awesome|amazing|excellent|well (?:said|put|done|written)|so true|good (?:post|one|point|read)|nice(?: one| post)?|made my day|fantastic|interesting|agree(?: completely)?|exactly|" +
    "schön(?:er|es|e)?|toll(?:er|es|e)?|großartig\\w*|wunderbar\\w*|super|genau|stimmt|gut gesagt|klasse|" +
    "magnifique|superbe|génial|bravo|j['’]adore|bien dit|très beau|d['’]accord|" +
    "genial|maravillos[oa]|precios[oa]|me encanta|bien dicho|qué bonito|excelente|de acuerdo",
);
const PRAISE_SIGNS = /[❤🧡💛💚💙💜🔥👏😍🥰👍💯🙌]/u;
const THANKS_SIGNS = /🙏/u;
const GREETING =
  /^\s*(?:(?:hi|hello|hey|good (?:morning|evening|afternoon|night)|welcome|hallo|guten (?:morgen|tag|abend)|moin|servus|willkommen|bonjour|bonsoir|salut|bienvenue|hola|buenos días|buenas (?:tardes|noches)|bienvenid[oa])(?![\p{L}]))[^?]{0,40}$/iu;
const QUESTION =
  /[?？]|^\s*(?:why|how|what|when|where|who|which|do you|does|is it|are there|can you|could you|would you|warum|wieso|wie|was|wann|wo|wer|welche[rs]?|pourquoi|comment|quand|où|quel(?:le)?s?|est-ce que|por qué|cómo|cuándo|dónde|quién|cuál)(?![\p{L}])/iu;

/** The first kind that fits: an honest word about what writes comes before everything else. Pure. */
export function kindOf(said: string): SaidKind {
  const text = repairText(said.slice(0, MAX_CHARACTERS)).replace(/@[\w.-]+/g, " ").trim();
  const some = (patterns: readonly RegExp[]) => patterns.some((pattern) => pattern.test(text));
  if (some(ASKS_WHO)) return "asks_who";
  if (some(STEERS)) return "steers";
  if (PRIVATE.test(text)) return "private";
  if (some(ADVERT)) return "advert";
  if (isGrave(text)) return "grave";
  if (WANTS_PROMISE.test(text)) return "wants_promise";
  if (INSULT.test(text)) return "insult";
  if (DISAGREES.test(text)) return "disagrees";
  if (QUESTION.test(text)) return "question";
  if (THANKS.test(text) || THANKS_SIGNS.test(text)) return "thanks";
  if (PRAISE.test(text) || PRAISE_SIGNS.test(text)) return "praise";
  return GREETING.test(text) ? "greeting" : "remark";
}
