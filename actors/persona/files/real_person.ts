import type { Identity, PersonaKind } from "../identity.ts";

/**
 * Whether a file seems to speak as a real living person.
 *
 * This is a heuristic and can be wrong both ways. It adds up weak signs and needs 2 points:
 * - the name is one of a short list of well-known living people (2);
 * - a web address in the texts carries the name (2);
 * - the texts say that the persona founded, heads or holds a real office, or copies a real person (2; an office or a
 *   lead counts only if it is of something with a name and nothing around says that the world is invented);
 * - it speaks as a former or present head of state, or of its own campaign or administration (2);
 * - the name is initials like those that public figures go by (1);
 * - arrest, prison, trial or a biography page are told of it (1);
 * - it carries a handle of a real network: `@name` as user name, or a profile address (1);
 * - people whom it knows, or who are named in its texts, are well-known living people (1).
 * A file that hides who is meant will pass: whoever imports may always set a stricter kind, never a laxer one.
 */
export interface RealPersonSigns {
  likely: boolean;
  /** The signs that were seen, in words for the preview. They quote nothing from the file. */
  signs: { sign: string; weight: number; byName: boolean }[];
}

export interface Portrait {
  name: string;
  username: string;
  /** Names of people whom the persona knows. */
  people: string[];
  /** Texts that tell who the persona is. */
  about: string[];
  /** Texts that the persona says. */
  says: string[];
}

const threshold = 2;
/** Characters of each kind of text that are looked at. */
const maxText = 400_000;

/** Full names match anywhere in a name or text; short names only as the whole name. */
const wellKnown = [
  "donald trump",
  "donald j trump",
  "joe biden",
  "kamala harris",
  "barack obama",
  "michelle obama",
  "hillary clinton",
  "bill clinton",
  "j d vance",
  "jd vance",
  "bernie sanders",
  "alexandria ocasio-cortez",
  "gavin newsom",
  "ron desantis",
  "robert f kennedy jr",
  "emmanuel macron",
  "olaf scholz",
  "friedrich merz",
  "angela merkel",
  "keir starmer",
  "boris johnson",
  "rishi sunak",
  "nigel farage",
  "giorgia meloni",
  "ursula von der leyen",
  "vladimir putin",
  "volodymyr zelensky",
  "volodymyr zelenskyy",
  "xi jinping",
  "narendra modi",
  "benjamin netanyahu",
  "javier milei",
  "nayib bukele",
  "justin trudeau",
  "recep tayyip erdogan",
  "viktor orban",
  "kim jong un",
  "elon musk",
  "jeff bezos",
  "mark zuckerberg",
  "bill gates",
  "tim cook",
  "sundar pichai",
  "satya nadella",
  "sam altman",
  "jensen huang",
  "peter thiel",
  "marc andreessen",
  "jack dorsey",
  "sam bankman-fried",
  "changpeng zhao",
  "vitalik buterin",
  "justin sun",
  "michael saylor",
  "brian armstrong",
  "anatoly yakovenko",
  "taylor swift",
  "beyonce",
  "kanye west",
  "kim kardashian",
  "rihanna",
  "drake",
  "eminem",
  "snoop dogg",
  "lady gaga",
  "ariana grande",
  "billie eilish",
  "grimes",
  "marina abramovic",
  "oprah winfrey",
  "joe rogan",
  "tucker carlson",
  "andrew tate",
  "jordan peterson",
  "greta thunberg",
  "cristiano ronaldo",
  "lionel messi",
  "lebron james",
  "serena williams",
  "roger federer",
  "tom cruise",
  "leonardo dicaprio",
  "dwayne johnson",
  "keanu reeves",
  "stephen king",
  "j k rowling",
  "jk rowling",
  "noam chomsky",
  "dalai lama",
  "andrej karpathy",
  "yann lecun",
  "geoffrey hinton",
  "linus torvalds",
  "lex fridman",
  "naval ravikant",
];
const wellKnownShort = [
  "trump",
  "biden",
  "kamala",
  "obama",
  "putin",
  "zelensky",
  "macron",
  "merkel",
  "modi",
  "netanyahu",
  "milei",
  "bukele",
  "musk",
  "elon",
  "zuckerberg",
  "zuck",
  "bezos",
  "altman",
  "sama",
  "sbf",
  "vitalik",
  "karpathy",
  "kanye",
  "ye",
  "aoc",
  "rfk",
  "mrbeast",
  "beeple",
];

const invented =
  /\b(?:fictional|fictitious|imaginary|invented character|wizard|dragon|droid|robot|elf|elven|orc|goblin|vampire|muppet|kingdom|galaxy|galactic|starship|spaceship|space station|alien|superhero|gotham|mars colony|fairy|mythical|talking (?:cat|dog|animal)|the year 2[1-9]\d\d)\b/i;
/** An office or a lead, and within four words something with a name: a capital letter or a digit in it. */
const office = new RegExp(
  String.raw`\b(?i:(?:co-?)?founder|(?:co-?)?founded|ceo|chief executive(?: officer)?|chair(?:man|woman)|` +
    String
      .raw`(?:vice )?president|prime minister|chancellor|senator|governor|mayor|congress(?:man|woman)|secretary|` +
    String
      .raw`member of parliament)(?: and [\w-]{1,20})?(?:,)? (?:of |at |for |from )?(?:[a-z'’-]{1,20} ){0,3}[\w'’-]{0,20}[A-Z0-9]`,
);
const copies =
  /\b(?:based on|clone of|twin of|replica of|impersonat\w+|imitat\w+|parody of|simulat\w+|speaks? as|inspired by) (?:the )?(?:real|actual|living|real-life)\b|\b(?:digital twin|ai clone|ai version) of\b|\b(?:is|as) a real (?:living )?person\b|\bparody (?:account|of)\b/i;
const ownRule =
  /\bi was (?:the )?president\b|\bmy (?:new |first |second )?administration\b|\bas (?:your|the) president\b/i;
const scandal = /\b(?:in prison|convicted|indicted|on trial|sentenced to|arrested|wikipedia)\b/i;
const profile = /\b(?:twitter\.com|x\.com|linkedin\.com\/in|instagram\.com|bsky\.app\/profile)\/@?\w/i;

export function realPersonSigns(portrait: Portrait): RealPersonSigns {
  const name = plain(portrait.name);
  const about = portrait.about.join("\n").slice(0, maxText);
  const says = portrait.says.join("\n").slice(0, maxText);
  const all = `${about}\n${says}`;
  const signs: RealPersonSigns["signs"] = [];
  const see = (seen: boolean, sign: string, weight: number, byName = false) => {
    if (seen) signs.push({ sign, weight, byName });
  };

  see(isWellKnown(name), "the name is that of a well-known living person", 2, true);
  see(addressCarries(all, name), "a web address in the texts carries the name", 2);
  see(office.test(about) && !invented.test(about), "the texts name an office or something that it leads", 2);
  see(copies.test(about), "the texts say that it copies a real person", 2);
  see(ownRule.test(all) && !invented.test(about), "it speaks of its own presidency or administration", 2);
  see(/^[A-Z]{3,4}$/.test(portrait.name) && !invented.test(about), "the name is initials", 1);
  see(scandal.test(about) && !invented.test(about), "prison, a trial or a biography page is told of it", 1);
  see(/^@\w{2,}/.test(portrait.username) || profile.test(about), "it has a handle of a real network", 1);
  const named = plain([...portrait.people, all].join("\n").slice(0, maxText));
  see(
    wellKnown.some((other) => other !== name.trim() && named.includes(` ${other} `)),
    "well-known living people are named in its texts",
    1,
  );
  return { likely: signs.reduce((sum, { weight }) => sum + weight, 0) >= threshold, signs };
}

/** The signs for an identity and what else its file says of the persona. */
export function portraitOf(identity: Identity, username: string, people: string[], more: string[]): Portrait {
  return {
    name: identity.name,
    username,
    people,
    about: [identity.background, identity.systemPrompt, ...identity.knowledge.map((k) => k.text), ...more],
    says: identity.examples,
  };
}

/** The kind after a person's choice: what was found to be a real person stays one, anything else may be chosen. */
export function chosenKind(found: PersonaKind, chosen: PersonaKind): PersonaKind {
  return found === "real_person" ? "real_person" : chosen;
}

/** Small letters, accents and dots gone, words between single spaces, a space at both ends. */
function plain(text: string): string {
  const letters = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return ` ${letters.replace(/[^\p{L}\p{N}-]+/gu, " ").trim()} `;
}

function isWellKnown(name: string): boolean {
  return wellKnown.some((known) => name.includes(` ${known} `)) || wellKnownShort.includes(name.trim());
}

function addressCarries(text: string, name: string): boolean {
  const word = name.replace(/[^\p{L}\p{N}]/gu, "");
  if (word.length < 4) return false;
  for (const [, host] of text.matchAll(/https?:\/\/([a-zA-Z0-9.-]{1,200})/g)) {
    if (host?.toLowerCase().replace(/[.-]/g, "").includes(word)) return true;
  }
  return false;
}
