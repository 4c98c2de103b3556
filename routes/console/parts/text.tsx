/** Texts as a person must see them before approving: nothing hidden, nothing that reorders the page, every link with its true target. */
import type { Child } from "hono/jsx";
import type { Facet, Part } from "../../../actors/persona/platforms/port.ts";

const HIDDEN =
  // deno-lint-ignore no-control-regex
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]/u;

const NAMES: Record<number, string> = {
  0xad: "soft hyphen",
  0x200b: "zero-width space",
  0x200e: "left-to-right mark",
  0x200f: "right-to-left mark",
  0x202a: "left-to-right embedding",
  0x202b: "right-to-left embedding",
  0x202c: "end of direction",
  0x202d: "left-to-right override",
  0x202e: "right-to-left override",
  0x2060: "word joiner",
  0x2066: "left-to-right isolate",
  0x2067: "right-to-left isolate",
  0x2068: "first-strong isolate",
  0x2069: "end of isolate",
  0xfeff: "byte order mark",
};

export interface Piece {
  text: string;
  /** What the invisible character is; `text` is then its stand-in. */
  hidden: string | null;
}

/** Invisible and direction-changing characters become pieces of their own, named, so that none acts on the page. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let plain = "";
  for (const char of text.toWellFormed()) {
    if (!HIDDEN.test(char)) {
      plain += char;
      continue;
    }
    if (plain !== "") found.push({ text: plain, hidden: null });
    plain = "";
    const code = char.codePointAt(0) ?? 0;
    const label = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
    found.push({ text: label, hidden: NAMES[code] ?? "invisible character" });
  }
  if (plain !== "") found.push({ text: plain, hidden: null });
  return found;
}

export function Marked({ text }: { text: string }) {
  return (
    <>
      {pieces(text).map((piece) =>
        piece.hidden === null
          ? piece.text
          : (
            <span class="hiddenchar" title={`${piece.hidden} (${piece.text})`}>
              {piece.hidden}
            </span>
          )
      )}
    </>
  );
}

/** Text of people outside, or of a model: never processed, never reordering, always in its box. */
export function Foreign({ text, mono = false }: { text: string; mono?: boolean }) {
  return (
    <div class={mono ? "foreign mono" : "foreign"} dir="auto" hx-ignore="">
      <Marked text={text} />
    </div>
  );
}

/** An http(s) address, or null. */
export function webAddress(address: string): URL | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  return url !== null && (url.protocol === "https:" || url.protocol === "http:") ? url : null;
}

/** A link to outside. Where its words do not say where it leads, the host stands behind them. */
export function ExternalLink({ href, children }: { href: string; children?: Child }) {
  const url = webAddress(href);
  if (url === null) return <span class="target">{children} (not a web address)</span>;
  return (
    <a class="link" href={url.href} target="_blank" rel="noopener noreferrer nofollow" title={url.href}>
      {children ?? url.href} <span class="target">↗ {url.host}</span>
    </a>
  );
}

interface Span {
  text: string;
  facet: Facet | null;
}

/** A part cut at its facets, whose offsets count UTF-8 bytes. What overlaps or points outside is left plain. */
export function spans(part: Part): Span[] {
  const bytes = new TextEncoder().encode(part.text);
  const cut = (from: number, to: number) => new TextDecoder().decode(bytes.subarray(from, to));
  const all: Span[] = [];
  let at = 0;
  for (const facet of [...part.facets].sort((a, b) => a.start - b.start)) {
    if (facet.start < at || facet.end > bytes.length || facet.end <= facet.start) continue;
    if (facet.start > at) all.push({ text: cut(at, facet.start), facet: null });
    all.push({ text: cut(facet.start, facet.end), facet });
    at = facet.end;
  }
  if (at < bytes.length) all.push({ text: cut(at, bytes.length), facet: null });
  return all;
}

/** One part of a post, exactly, with what its links and mentions really mean. */
export function Said({ part, language }: { part: Part; language?: string }) {
  return (
    <p class="said" dir="auto" lang={language} hx-ignore="">
      {spans(part).map(({ text, facet }) =>
        facet === null ? <Marked text={text} /> : (
          <span class="entity" title={meaning(facet)}>
            <Marked text={text} />
            {facet.kind === "link" && !sameTarget(text, facet.uri) && (
              <span class="target">
                &nbsp;→ <Marked text={facet.uri} />
              </span>
            )}
          </span>
        )
      )}
    </p>
  );
}

function meaning(facet: Facet): string {
  if (facet.kind === "link") return `Link to ${facet.uri}`;
  if (facet.kind === "mention") return `Mentions ${facet.handle} (${facet.accountId})`;
  return `Tag ${facet.tag}`;
}

function sameTarget(text: string, uri: string): boolean {
  const bare = (address: string) => address.replace(/^https?:\/\//i, "").replace(/\/$/, "");
  return bare(text) === bare(uri);
}
