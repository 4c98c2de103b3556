import type { Context } from "hono";
import { z } from "zod";
import { changePassword, findUser } from "../../db/access/users.ts";
import { problem } from "../problem.ts";
import { type FieldErrors, readForm, readJson } from "./body.ts";
import { sessionOf } from "./middleware.ts";
import type { Notice } from "./pages.ts";
import { type AccessParts, checkPassword, hashOrWait, logInAs, PasswordField, type Wait } from "./parts.ts";
import { passwordFault } from "./password_rules.ts";
import type { Session } from "./sessions.ts";

const ChangeForm = z.strictObject({ current: PasswordField, password: PasswordField });

type Changed = { done: true } | { done: false; errors: FieldErrors } | { done: false; wait: Wait };

/** The console's form: answers with the form again, with what was wrong or that it is done. */
export async function changePasswordForm(c: Context, parts: AccessParts): Promise<Response> {
  const show = (errors: FieldErrors, notice: Notice | null, status: 200 | 422 | 429 | 503) =>
    c.html(parts.pages.changePassword(c, { errors, notice, changed: status === 200 }), status);
  const form = await readForm(c, ChangeForm);
  if (!form.ok) return show(form.errors, null, 422);
  const result = await change(c, parts, form.value);
  if (result.done) return show({}, null, 200);
  return "wait" in result ? show({}, result.wait.notice, result.wait.status) : show(result.errors, null, 422);
}

/** The same as JSON, `{current, password}`: 204. */
export async function changePasswordJson(c: Context, parts: AccessParts): Promise<Response> {
  const body = await readJson(c, ChangeForm);
  if (body instanceof Response) return body;
  const result = await change(c, parts, body.value);
  if (result.done) return c.body(null, 204);
  if ("wait" in result) {
    const { status, notice } = result.wait;
    return problem(c, status, { title: "Try again later", detail: notice.message, code: notice.code });
  }
  const [field = "", detail = ""] = Object.entries(result.errors)[0] ?? [];
  return problem(c, 422, { title: "Validation failed", detail, code: "invalid", field });
}

/** Every session of the person is over afterwards; this browser gets a new one. */
async function change(c: Context, parts: AccessParts, form: z.infer<typeof ChangeForm>): Promise<Changed> {
  const { principal }: Session = sessionOf(c) ?? fail("`account.edit` lets only sessions through.");
  const user = await findUser(parts.sql, principal.id);
  const verdict = await checkPassword(c, parts, {
    account: `id:${principal.id}`,
    password: form.current,
    stored: () => Promise.resolve(user?.passwordHash ?? null),
  });
  if ("status" in verdict) return { done: false, wait: verdict };
  if (!verdict.ok) return { done: false, errors: { current: "This is not your current password." } };
  const fault = passwordFault(form.password, principal.name);
  if (fault) return { done: false, errors: { password: fault } };
  const hash = await hashOrWait(c, parts, form.password);
  if (typeof hash !== "string") return { done: false, wait: hash };
  const at = new Date(parts.ports.now()).toISOString();
  const ended = await parts.sql.transaction((sql) => changePassword(sql, principal.id, hash, at));
  parts.sessions.ended(ended, "replaced");
  await logInAs(c, parts, { id: principal.id, passwordChangedAt: at });
  return { done: true };
}

function fail(message: string): never {
  throw new Error(message);
}
