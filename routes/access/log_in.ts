import type { Context } from "hono";
import { z } from "zod";
import {
  findFirstOwner,
  findUserByName,
  nameKeyOf,
  replaceHash,
  type UserRow,
} from "../../db/access/users.ts";
import { readForm } from "./body.ts";
import { clearSessionCookie } from "./cookie.ts";
import { seesHttps, sessionOf } from "./middleware.ts";
import type { LogInProps } from "./pages.ts";
import { type AccessParts, checkPassword, logInAs, NameField, PasswordField } from "./parts.ts";
import { PasswordsBusy } from "./password.ts";

const LogInForm = z.strictObject({
  name: NameField,
  password: PasswordField,
  next: z.string().max(2_000).optional(),
});

const EMPTY = { name: "", next: "/", errors: {}, notice: null } satisfies LogInProps;

export async function showLogIn(c: Context, parts: AccessParts): Promise<Response> {
  const next = ownPath(c.req.query("next"));
  if (sessionOf(c)) return c.redirect(next, 303);
  const notice: LogInProps["notice"] = await findFirstOwner(parts.sql) ? null : {
    code: "no_owner",
    message: "Nobody owns this digi-persona yet: open the set-up link that it printed when it started.",
  };
  return c.html(parts.pages.logIn(c, { ...EMPTY, next, notice }));
}

/** An account that does not exist and a wrong password get the same answer after the same time. */
export async function logIn(c: Context, parts: AccessParts): Promise<Response> {
  const form = await readForm(c, LogInForm);
  if (!form.ok) {
    const props = {
      name: form.kept.name ?? "",
      next: ownPath(form.kept.next),
      errors: form.errors,
      notice: null,
    };
    return c.html(parts.pages.logIn(c, props), 422);
  }
  const { name, password } = form.value;
  const next = ownPath(form.value.next);

  let user: UserRow | null = null;
  const verdict = await checkPassword(c, parts, {
    account: nameKeyOf(name),
    password,
    stored: async () => {
      user = await findUserByName(parts.sql, name);
      return user?.passwordHash ?? null;
    },
  });
  const found = user as UserRow | null;
  if ("status" in verdict) {
    return c.html(parts.pages.logIn(c, { name, next, errors: {}, notice: verdict.notice }), verdict.status);
  }
  const wrong = () => {
    const notice = { code: "wrong_login", message: "The name or the password is wrong." } as const;
    return c.html(parts.pages.logIn(c, { name, next, errors: {}, notice }), 401);
  };
  if (!verdict.ok || found === null) return wrong();
  if (verdict.rehash) await renewHash(parts, found, password);
  if (!await logInAs(c, parts, found)) return wrong();
  return c.redirect(next, 303);
}

/** The cost was raised since the password was set. With no room now, the next log-in does it. */
async function renewHash(parts: AccessParts, user: UserRow, password: string): Promise<void> {
  try {
    await replaceHash(parts.sql, user.id, user.passwordHash, await parts.passwords.hash(password));
  } catch (error) {
    if (!(error instanceof PasswordsBusy)) throw error;
  }
}

/** Works for everybody, so that a second click on a page that is out of date does no harm. */
export async function logOut(c: Context, parts: AccessParts): Promise<Response> {
  const session = sessionOf(c);
  if (session) await parts.sessions.end(session.key, "logged_out");
  clearSessionCookie(c, seesHttps(c));
  if (c.req.header("hx-request") !== "true") return c.redirect("/login", 303);
  c.header("hx-redirect", "/login");
  return c.body(null, 204);
}

/** The path itself when it is one of ours, else `/`: nobody is sent elsewhere after log-in. */
export function ownPath(next: string | undefined): string {
  const base = "http://own.invalid";
  if (next === undefined || !next.startsWith("/") || !URL.canParse(next, base)) return "/";
  const url = new URL(next, base);
  // A path like `/.//elsewhere` comes out of the parser as `//elsewhere`, which would be another host.
  return url.origin === base && !url.pathname.startsWith("//") ? url.pathname + url.search : "/";
}
