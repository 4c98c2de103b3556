/** The small things that every page is made of. */
import type { Child } from "hono/jsx";
import { limitsOf } from "../../../actors/persona/platforms/limits.ts";
import type { Platform } from "../../../actors/persona/platforms/port.ts";
import { initials } from "../words.ts";

export type Tone = "" | "ok" | "warn" | "bad" | "acc";

export function Chip({ tone = "", title, children }: { tone?: Tone; title?: string; children?: Child }) {
  return <span class={`chip ${tone}`.trim()} title={title}>{children}</span>;
}

/** Where something is said. The sandbox says in words, color and edge that nobody outside hears it. */
export function PlatformChip({ platform }: { platform: Platform }) {
  const { label, real } = limitsOf(platform);
  return real
    ? <span class="chip real" title={`${label}: people outside can see it`}>{label}</span>
    : <span class="chip sandbox" title="The sandbox: nobody outside sees it">{label} · only here</span>;
}

export function Face({ name, small = false }: { name: string; small?: boolean }) {
  return <div class={small ? "face s" : "face"} aria-hidden="true">{initials(name)}</div>;
}

export function Dot({ tone, title }: { tone: "" | "sleep" | "warn" | "bad"; title: string }) {
  return (
    <>
      <span class={`dot ${tone}`.trim()} title={title}></span>
      <span class="sr">{title}</span>
    </>
  );
}

/** An empty list says what will appear there, and how to make it appear. */
export function Empty({ title, children }: { title: string; children?: Child }) {
  return (
    <div class="empty">
      <b>{title}</b>
      {children}
    </div>
  );
}

/** Older and newer by address: works without a script, and can be sent to somebody. */
export function Pager(
  { older, newer, shown }: { older: string | null; newer: string | null; shown?: string },
) {
  if (older === null && newer === null) return null;
  return (
    <nav class="pager" aria-label="Pages">
      {newer !== null && <a class="btn" href={newer} rel="prev">← Newer</a>}
      {older !== null && <a class="btn" href={older} rel="next">Older →</a>}
      {shown !== undefined && <span>{shown}</span>}
    </nav>
  );
}

export function Notice({ tone = "", children }: { tone?: "" | "ok" | "warn" | "bad"; children?: Child }) {
  return <div class={`notice ${tone}`.trim()} role={tone === "bad" ? "alert" : "status"}>{children}</div>;
}

export function Flash({ tone = "", children }: { tone?: "" | "bad"; children?: Child }) {
  return (
    <div class={`flash ${tone}`.trim()} role={tone === "bad" ? "alert" : "status"} data-flash={tone || "ok"}>
      <span>{children}</span>
      <button type="button" data-close-flash aria-label="Close">✕</button>
    </div>
  );
}

/** The command forms of the console: plain POST, sent by the script that the layout sets up. `fields` are hidden ones. */
export function Post({ action, fields = {}, children, ...rest }: {
  action: string;
  fields?: Record<string, string>;
  class?: string;
  id?: string;
  "data-take-back"?: string;
  "data-keep"?: string;
  "data-editor"?: string;
  enctype?: "multipart/form-data";
  children?: Child;
}) {
  return (
    <form method="post" action={action} {...rest}>
      {Object.entries(fields).map(([name, value]) => <input type="hidden" name={name} value={value} />)}
      {children}
    </form>
  );
}

export function count(value: number): string {
  return value.toLocaleString("en-US");
}

export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Opens what has this id, also by its key. */
export function Opener({ id, letter, children }: { id: string; letter?: string; children?: Child }) {
  return (
    <button
      class="btn"
      type="button"
      data-opens={id}
      data-key={letter}
      aria-controls={id}
      aria-expanded="false"
    >
      {children} {letter !== undefined && <kbd>{letter}</kbd>}
    </button>
  );
}
