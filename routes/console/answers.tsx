/** Answers to forms: pieces of the page for the script, or the way to another page. */
import type { Context } from "hono";
import type { Child } from "hono/jsx";
import { Flash } from "./parts/small.tsx";

export type Swap =
  | "innerMorph"
  | "outerMorph"
  | "outerHTML"
  | "afterbegin"
  | "beforeend"
  | "innerHTML"
  | "textContent"
  | "delete";

/** A piece of the page and where it goes. Its contents must be drawn by `hono/jsx`, which escapes. */
export function partial(target: string, swap: Swap, contents: Child): string {
  return `<hx-partial hx-target="${target}" hx-swap="${swap}">${String(<>{contents}</>)}</hx-partial>`;
}

export function flash(message: Child, tone: "" | "bad" = ""): string {
  return partial("#flash", "innerHTML", <Flash tone={tone}>{message}</Flash>);
}

type Status = 200 | 400 | 403 | 404 | 409 | 413 | 422 | 429 | 503;

export function pieces(c: Context, parts: string[], status: Status = 200): Response {
  return c.html(parts.join("\n"), status);
}

/** After a form that leads elsewhere. Works for a plain POST as well. */
export function go(c: Context, address: string): Response {
  if (c.req.header("hx-request") !== "true") return c.redirect(address, 303);
  c.header("hx-redirect", address);
  return c.body(null, 200);
}
