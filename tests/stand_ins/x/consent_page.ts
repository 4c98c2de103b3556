/** The page on which a person agrees that the app may use an account: for a browser, a test or a hand. */
import type { World } from "./world.ts";

/** `query` is the address's own, checked before; it comes back with the decision. */
export function consentPage(world: World, query: string, scopes: string[]): string {
  const accounts = [...world.accounts.values()].map(({ username, name }) =>
    `<option value="${escaped(username)}">${escaped(name)} @${escaped(username)}</option>`
  );
  return page(`<h1>An app wants to access an account</h1>
<p>It asks for:</p><ul>${scopes.map((scope) => `<li>${escaped(scope)}</li>`).join("")}</ul>
<form method="post" action="?${escaped(query)}">
<p><label>Signed in as <select name="username">${accounts.join("")}</select></label></p>
<button name="decision" value="approve">Authorize app</button>
<button name="decision" value="deny">Cancel</button>
</form>`);
}

export function consentRefusedPage(reason: string): string {
  return page(`<h1>Something went wrong</h1>
<p>The app could not be given access. Go back and try again.</p><p>${escaped(reason)}</p>`);
}

function page(body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Stand-in for X</title><body>${body}</body></html>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
