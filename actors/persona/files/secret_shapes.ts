import { fromBase64, latin1 } from "./bytes.ts";

/** What stands where a secret stood. */
export const removed = "[removed]";

/**
 * Shapes of well-known credentials. Each starts at a word border, so that scanning stays linear on hostile text, and
 * each repetition is bounded, because the engine's stack for backtracking is;
 * group 1, where there is one, is the secret part, the rest stays.
 */
const shapes: RegExp[] = [
  /(?<![\w-])(?:sk|pk|rk)[-_][\w-]{16,99999}/g, // OpenAI, Anthropic, OpenRouter, Stripe
  /(?<![\w-])xox[a-z]-[\w-]{8,99999}|(?<![\w-])xapp-[\w-]{8,99999}/g, // Slack
  /(?<![\w-])gh[pousr]_\w{16,99999}|(?<![\w-])github_pat_\w{16,99999}|(?<![\w-])glpat-[\w-]{16,99999}/g, // GitHub, GitLab
  /(?<![\w-])(?:AKIA|ASIA)[0-9A-Z]{12,99999}/g, // AWS
  /(?<![\w-])AIza[\w-]{30,99999}|(?<![\w-])ya29\.[\w-]{16,99999}/g, // Google
  /(?<![\w-])(?:hf|npm|r8|gsk|xai|pypi|dop_v1)[_-][A-Za-z0-9]{24,99999}/g, // Hugging Face, npm, Replicate, Groq, xAI
  /(?<![\w-])\d{8,12}:[\w-]{30,99999}/g, // Telegram bots
  /(?<![\w-])[MNO][\w-]{22,27}\.[\w-]{6}\.[\w-]{27,99999}/g, // Discord bots
  /(?<![\w%-])A{18,99}[\w%-]{30,99999}/g, // X bearer tokens
  /(?<![\w-])eyJ[\w-]{5,99999}\.eyJ[\w-]{5,99999}(?:\.[\w-]{0,99999})?/g, // JSON Web Tokens
  /(?<![A-Za-z0-9-])[a-z0-9]{4}(?:-[a-z0-9]{4}){3}(?![A-Za-z0-9-])/g, // Bluesky app passwords
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:(?:(?!-----BEGIN)[^]){0,99999}?-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|[\\\w\s+/=:,.-]{0,99999})/g,
  /(?<=:\/\/[^\s/?#@:"'<>]{0,100}:)([^\s/?#@"'<>]{1,300})(?=@)/g, // user:password@ in an address
  /[?&#][\w-]{0,30}(?:key|token|secret|password|passwd|signature)[\w-]{0,20}=([^&\s#"'<>]{4,2000})/gi,
  /(?<![A-Z0-9_])[A-Z0-9_]{0,60}(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_KEY)[A-Z0-9_]{0,20}[ \t]{0,3}=[ \t]{0,3}(\S{4,2000})/g,
  /(?<!\w)Bearer[ \t]{1,3}([\w.~+/=-]{12,4000})/g,
];

export interface Redacted {
  text: string;
  /** The secrets that were taken out. */
  found: string[];
}

/** Takes everything out of a text that looks like a credential. */
export function redactText(text: string): Redacted {
  const found: string[] = [];
  const plain = redactShapes(text, found);
  if (hidesSecret(plain)) return { text: removed, found: [...found, text] };
  return { text: plain, found };
}

function redactShapes(text: string, found: string[]): string {
  for (const shape of shapes) {
    text = text.replace(shape, (whole: string, ...groups: unknown[]) => {
      const part = typeof groups[0] === "string" ? groups[0] : whole;
      if (isMasked(part)) return whole;
      found.push(part);
      return whole.slice(0, whole.length - part.length) + removed;
    });
  }
  return text;
}

/** Already taken out, or a gap to be filled in: `[removed]`, `{{TOKEN}}`, `${TOKEN}`. */
function isMasked(part: string): boolean {
  return part.includes(removed) || /^(?:\{\{[\w ]{1,60}\}\}|\$\{?\w{1,60}\}?)$/.test(part);
}

/** The bytes of a text that is nothing but base64, with or without a `data:` head; null for any other. */
function decodedBase64(text: string): Uint8Array | null {
  const head = /^data:[^,]{0,100};base64,/.exec(text)?.[0] ?? "";
  const body = text.slice(head.length);
  return body.length < 16 || /[^A-Za-z0-9+/_\s=-]/.test(body) ? null : fromBase64(body);
}

/** Whether a text shows a credential once its URL or base64 encoding is undone. */
function hidesSecret(text: string): boolean {
  if (/%[0-9A-Fa-f]{2}/.test(text)) {
    const found: string[] = [];
    redactShapes(
      text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
      found,
    );
    if (found.length > 0) return true;
  }
  const bytes = decodedBase64(text);
  if (bytes === null) return false;
  const found: string[] = [];
  redactShapes(latin1(bytes), found);
  return found.length > 0;
}

/** Whether a key of an object names a credential, whatever its value looks like. */
export function isSecretKey(key: string): boolean {
  if (/^[A-Z0-9_]*_(?:KEY|PASS|PWD|AUTH|PIN)$/.test(key)) return true;
  const words = key
    .slice(0, 200)
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/[^A-Za-z0-9]+/g, " ")
    .toLowerCase();
  if (/\btoken (?:address|symbol|type|name|count|limit|budget|contract|mint|id)\b/.test(words)) return false;
  return /\b(?:pass|passwords?|passwds?|passphrases?|passcodes?|pwd|secrets?|credentials?|cookies?|mnemonic|seed phrase|recovery phrase|token|(?:access|auth|refresh|api|bot|bearer) ?tokens|bearer|authorization|jwt|api ?keys?|(?:private|access|auth|secret|signing|encryption|session|bot|service|wallet|account) ?keys?)\b/
    .test(words) || /(?:password|apikey|secretkey|privatekey|accesstoken|authtoken|bottoken)$/.test(words);
}
