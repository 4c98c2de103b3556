import type { Context } from "hono";
import { z } from "zod";
import type { LinkKind } from "../../db/access/links.ts";
import { changePassword, findFirstOwner, insertUser } from "../../db/access/users.ts";
import { type FieldErrors, readForm } from "./body.ts";
import type { LinkFormProps } from "./pages.ts";
import { type AccessParts, hashOrWait, LinkTokenField, logInAs, NameField, PasswordField } from "./parts.ts";
import { passwordFault } from "./password_rules.ts";

const SetUpForm = z.strictObject({ token: LinkTokenField, name: NameField, password: PasswordField });
const RecoverForm = z.strictObject({ token: LinkTokenField, password: PasswordField });

/** Only shows the form: a link that a mail or chat program opens to preview it is still good. */
export async function showSetUp(c: Context, parts: AccessParts): Promise<Response> {
  const token = c.req.query("token") ?? "";
  if (!await parts.links.holds("set_up", token)) return linkRefused(c, parts, "set_up");
  return c.html(parts.pages.setUp(c, { token, name: "", errors: {}, notice: null }));
}

/** Makes the first owner, logs them in, and uses the link up. What is wrong in the form uses nothing up. */
export async function setUp(c: Context, parts: AccessParts): Promise<Response> {
  const form = await readForm(c, SetUpForm);
  const token = form.ok ? form.value.token : form.kept.token ?? "";
  // Before anything is hashed: strangers shall not keep the processor busy.
  if (!await parts.links.holds("set_up", token)) return linkRefused(c, parts, "set_up");
  const again = (props: Partial<LinkFormProps>, status: 422 | 429 | 503) =>
    c.html(
      parts.pages.setUp(c, {
        token,
        name: form.ok ? form.value.name : form.kept.name ?? "",
        errors: {},
        notice: null,
        ...props,
      }),
      status,
    );
  if (!form.ok) return again({ errors: form.errors }, 422);
  const { name, password } = form.value;
  const errors = passwordErrors(password, name);
  if (errors) return again({ errors }, 422);

  const passwordHash = await hashOrWait(c, parts, password);
  if (typeof passwordHash !== "string") return again({ notice: passwordHash.notice }, passwordHash.status);
  const passwordChangedAt = new Date(parts.ports.now()).toISOString();
  const user = { id: parts.ports.uuid(), name, role: "owner", passwordHash, passwordChangedAt } as const;
  const made = await parts.sql.transaction(async (sql) => {
    if (!await parts.links.take(sql, "set_up", token) || await findFirstOwner(sql)) return false;
    await insertUser(sql, user);
    return true;
  });
  if (!made) return linkRefused(c, parts, "set_up");
  await logInAs(c, parts, user);
  return c.redirect("/", 303);
}

export async function showRecover(c: Context, parts: AccessParts): Promise<Response> {
  const token = c.req.query("token") ?? "";
  const owner = await findFirstOwner(parts.sql);
  if (owner === null || !await parts.links.holds("recovery", token)) return linkRefused(c, parts, "recovery");
  return c.html(parts.pages.recover(c, { token, name: owner.name, errors: {}, notice: null }));
}

/** Gives the owner a new password, ends all their sessions, and uses the link up. */
export async function recover(c: Context, parts: AccessParts): Promise<Response> {
  const form = await readForm(c, RecoverForm);
  const token = form.ok ? form.value.token : form.kept.token ?? "";
  const owner = await findFirstOwner(parts.sql);
  if (owner === null || !await parts.links.holds("recovery", token)) return linkRefused(c, parts, "recovery");
  const { name } = owner;
  const again = (props: Partial<LinkFormProps>, status: 422 | 429 | 503) =>
    c.html(parts.pages.recover(c, { token, name, errors: {}, notice: null, ...props }), status);
  if (!form.ok) return again({ errors: form.errors }, 422);
  const errors = passwordErrors(form.value.password, name);
  if (errors) return again({ errors }, 422);

  const passwordHash = await hashOrWait(c, parts, form.value.password);
  if (typeof passwordHash !== "string") return again({ notice: passwordHash.notice }, passwordHash.status);
  const at = new Date(parts.ports.now()).toISOString();
  const ended = await parts.sql.transaction(async (sql) => {
    if (!await parts.links.take(sql, "recovery", token)) return null;
    return await changePassword(sql, owner.id, passwordHash, at);
  });
  if (ended === null) return linkRefused(c, parts, "recovery");
  parts.sessions.ended(ended, "revoked");
  return c.html(parts.pages.recovered(c, { name }));
}

function linkRefused(c: Context, parts: AccessParts, kind: LinkKind): Response | Promise<Response> {
  return c.html(parts.pages.linkRefused(c, { kind }), 410);
}

function passwordErrors(password: string, name: string): FieldErrors | null {
  const fault = passwordFault(password, name);
  return fault === null ? null : { password: fault };
}
