import { html } from "hono/html";
import type { FieldErrors } from "./body.ts";
import type { AccessPages, Notice } from "./pages.ts";

/** The barest pages that work: for tests, and to see what each form must hold. */
export const plainPages: AccessPages = {
  setUp: (_c, props) =>
    page(
      "Set up",
      html`
        <form method="post" action="/setup">
          ${faults(props)}
          <input type="hidden" name="token" value="${props.token}">
          <label>Your name <input name="name" value="${props.name}" autocomplete="username"></label>
          <label>Password <input name="password" type="password" autocomplete="new-password"></label>
          <button>Set up</button>
        </form>
      `,
    ),
  logIn: (_c, props) =>
    page(
      "Log in",
      html`
        <form method="post" action="/login">
          ${faults(props)}
          <input type="hidden" name="next" value="${props.next}">
          <label>Name <input name="name" value="${props.name}" autocomplete="username"></label>
          <label>Password <input name="password" type="password" autocomplete="current-password"></label>
          <button>Log in</button>
        </form>
      `,
    ),
  recover: (_c, props) =>
    page(
      "Set a new password",
      html`
        <form method="post" action="/recover">
          ${faults(props)}
          <input type="hidden" name="token" value="${props.token}">
          <p>For ${props.name}</p>
          <label>New password <input name="password" type="password" autocomplete="new-password"></label>
          <button>Set the password</button>
        </form>
      `,
    ),
  recovered: (_c, { name }) =>
    page("Done", html`<p>The password of ${name} is changed. <a href="/login">Log in</a></p>`),
  linkRefused: (_c, { kind }) =>
    page(
      "This link does not hold any more",
      html`
        <p>Start digi-persona again${kind === "recovery"
          ? " with RESET_ACCESS=1"
          : ""}: it prints a new one.</p>
      `,
    ),
  changePassword: (_c, props) =>
    html`
      <form hx-post="/account/password">
        ${faults(props)} ${props.changed ? "The password is changed." : ""}
        <label>Current password <input name="current" type="password" autocomplete="current-password"></label>
        <label>New password <input name="password" type="password" autocomplete="new-password"></label>
        <button>Change the password</button>
      </form>
    ` as Promise<string>,
};

function page(title: string, body: unknown) {
  return html`
    <!DOCTYPE html>
    <html lang="en">
      <head>
        <title>${title} - digi-persona</title>
      </head>
      <body><h1>${title}</h1>${body}</body>
    </html>
  ` as Promise<string>;
}

function faults({ errors, notice }: { errors: FieldErrors; notice: Notice | null }) {
  const sentences = [...(notice ? [notice.message] : []), ...Object.values(errors)];
  return html`<div role="alert">${sentences.map((sentence) => html`<p>${sentence}</p>`)}</div>`;
}
