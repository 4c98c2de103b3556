import type { Context } from "hono";
import type { FieldErrors } from "./body.ts";

/** What `c.html` takes; an element of `hono/jsx` is one. */
export type Html = string | Promise<string>;

/** A sentence about the whole form. */
export interface Notice {
  code: "wrong_login" | "wait" | "busy" | "no_owner" | "set_up_done";
  message: string;
}

export interface LogInProps {
  /** As typed before; empty at first. */
  name: string;
  /** Where to go afterwards: a path of ours. Goes into the hidden field `next`. */
  next: string;
  errors: FieldErrors;
  notice: Notice | null;
}

export interface LinkFormProps {
  /** From the link; goes into the hidden field `token`. */
  token: string;
  /** Set-up: as typed before. Recovery: the owner's name, which cannot be changed. */
  name: string;
  errors: FieldErrors;
  notice: Notice | null;
}

export interface PasswordFormProps {
  errors: FieldErrors;
  notice: Notice | null;
  /** The password was just changed. */
  changed: boolean;
}

/**
 * The bodies of the pages that access answers with; the console draws them. Forms post to the path that they were read from,
 * `application/x-www-form-urlencoded`, and hold exactly the fields named here: another one is refused. What was typed into a
 * password field is never shown again. `errors` has sentences by field name, and `form` for what is no single field's fault.
 */
export interface AccessPages {
  /** `/setup`. Fields: token, name, password. */
  setUp(c: Context, props: LinkFormProps): Html;
  /** `/login`. Fields: name, password, next. */
  logIn(c: Context, props: LogInProps): Html;
  /** `/recover`. Fields: token, password. */
  recover(c: Context, props: LinkFormProps): Html;
  /** The new password holds, every session was ended: now log in. */
  recovered(c: Context, props: { name: string }): Html;
  /** The link is used up, too old or mistyped. The next start prints a fresh one (`set_up`), or one with RESET_ACCESS=1 (`recovery`). */
  linkRefused(c: Context, props: { kind: "set_up" | "recovery" }): Html;
  /** The form within a page, posted by `hx-post` to `/account/password`. Fields: current, password. */
  changePassword(c: Context, props: PasswordFormProps): Html;
}
