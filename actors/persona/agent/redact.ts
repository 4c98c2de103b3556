/** Takes an API key out of whatever an endpoint says: error bodies like to echo it, whole, shortened or half masked. */

/** From this length on, a run of the key's own characters is treated as a piece of it. */
const PIECE = 6;
const HIDDEN = "[hidden]";

/** `text` without the key, without pieces of it, and without anything that looks like a key or a token. */
export function redact(text: string, apiKey: string): string {
  return withoutPieces(text, apiKey)
    .replace(/\b(?:bearer|basic)\s+[\w.~+/=*-]{6,}/gi, HIDDEN)
    .replace(/\b(?:sk|pk|rk|gsk|xai|key|api)[-_][\w*.-]{6,}/gi, HIDDEN)
    .replace(/\beyJ[\w-]{8,}(?:\.[\w-]+){0,2}/g, HIDDEN)
    .replace(/\/\/[^\s/@]+@/g, `//${HIDDEN}@`);
}

/** Whether the text holds the key itself. Keys too short to be secrets (`none`, `ollama`) never count. */
export function holdsKey(text: string, apiKey: string): boolean {
  return apiKey.length >= 12 && text.includes(apiKey);
}

function withoutPieces(text: string, apiKey: string): string {
  if (apiKey.length === 0) return text;
  if (apiKey.length <= PIECE) return text.replaceAll(apiKey, HIDDEN);
  const pieces = new Set<string>();
  for (let at = 0; at + PIECE <= apiKey.length; at++) pieces.add(apiKey.slice(at, at + PIECE));
  let result = "";
  let copied = 0;
  for (let at = 0; at + PIECE <= text.length; at++) {
    if (!pieces.has(text.slice(at, at + PIECE))) continue;
    let end = at + PIECE;
    while (end < text.length && pieces.has(text.slice(end - PIECE + 1, end + 1))) end++;
    result += text.slice(copied, at) + HIDDEN;
    copied = end;
    at = end - 1;
  }
  return result + text.slice(copied);
}
