/** Which passwords are taken: long enough, and not one of those that everybody tries first. */

export const MIN_PASSWORD_GRAPHEMES = 12;
export const MAX_PASSWORD_BYTES = 1024;

/**
 * What long bad passwords are made of. A list of the most used passwords as such is of little use here: nearly all of them
 * are shorter than twelve characters.
 */
const COMMON = new Set(
  ("password passwort passwd motdepasse contrasena pass admin administrator root user guest test testing default secret " +
    "letmein welcome changeme login iloveyou sunshine princess football baseball superman batman dragon monkey shadow " +
    "master qwerty qwertz azerty qwertyuiop asdfghjkl zxcvbnm trustno abc abcdef abcdefgh abcdefghijkl hello freedom " +
    "whatever starwars pokemon computer internet google persona digipersona digi owner the is my your me this")
    .split(" "),
);

const LONGEST_COMMON = Math.max(...[...COMMON].map((word) => word.length));

const ROWS = [
  "abcdefghijklmnopqrstuvwxyz",
  "qwertyuiop",
  "asdfghjkl",
  "zxcvbnm",
  "qwertzuiop",
  "azertyuiop",
  "1234567890",
  "01234567890",
];

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** One sentence saying what is wrong with `password` for the person `name`; null when it is fine. */
export function passwordFault(password: string, name: string): string | null {
  if (new TextEncoder().encode(password).length > MAX_PASSWORD_BYTES) {
    return `The password must have at most ${MAX_PASSWORD_BYTES} bytes.`;
  }
  const length = [...graphemes.segment(password)].length;
  if (length < MIN_PASSWORD_GRAPHEMES) {
    return `The password must have ${MIN_PASSWORD_GRAPHEMES} characters or more, not ${length}.`;
  }
  if (isRepetition(password.toLowerCase())) {
    return "The password repeats itself: it would be guessed at once.";
  }
  if (isMadeOfCommonParts(password, name)) return "The password is among the first that would be guessed.";
  return null;
}

/** At most four characters, over and over: `aaaaaaaaaaaa`, `123412341234`. */
function isRepetition(text: string): boolean {
  return /^(.{1,4}?)\1+.{0,3}$/su.test(text) && new Set(text).size <= 4;
}

/** Nothing is left once common words, the person's name, rows of keys and the digits around them are cut out. */
function isMadeOfCommonParts(password: string, name: string): boolean {
  const letters = plain(password) || password.replace(/\D/g, "");
  const words = new Set(COMMON);
  for (const part of [plain(name), ...name.split(/\s+/).map(plain)]) if (part.length > 1) words.add(part);
  const longest = Math.max(LONGEST_COMMON, plain(name).length);
  // reachable[i]: the first i letters can be cut into common parts.
  const reachable = [true];
  for (let end = 1; end <= letters.length; end++) {
    reachable[end] = isSequenceUpTo(letters, end, reachable);
    for (let size = 1; size <= Math.min(longest, end) && !reachable[end]; size++) {
      reachable[end] = reachable[end - size] === true && words.has(letters.slice(end - size, end));
    }
  }
  return reachable[letters.length] === true;
}

function isSequenceUpTo(letters: string, end: number, reachable: boolean[]): boolean {
  for (let start = Math.max(0, end - 26); start <= end - 3; start++) {
    if (!reachable[start]) continue;
    const part = letters.slice(start, end);
    const back = [...part].reverse().join("");
    if (ROWS.some((row) => row.includes(part) || row.includes(back))) return true;
  }
  return false;
}

/** Small letters only: `P@ssw0rd-2026!` becomes `password`. */
function plain(text: string): string {
  const leet: Record<string, string> = {
    "@": "a",
    "$": "s",
    "0": "o",
    "1": "l",
    "3": "e",
    "4": "a",
    "5": "s",
    "7": "t",
  };
  const lower = text.normalize("NFKD").toLowerCase();
  const edges = lower.replace(/^[^\p{L}@$]+|[^\p{L}@$]+$/gu, "");
  return edges.replace(/[@$013457]/gu, (sign) => leet[sign] ?? "").replace(/[^\p{L}]/gu, "");
}
