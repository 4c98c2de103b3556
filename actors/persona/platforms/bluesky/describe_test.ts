import assert from "node:assert/strict";
import { describe } from "./describe.ts";
import { writeSecret } from "./secret.ts";

const token = (claims: unknown) => {
  const text = btoa(JSON.stringify(claims)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  return `e30.${text}.c2ln`;
};
const secretOf = (accessJwt: string, refreshJwt: string) =>
  writeSecret({ identifier: "ada.test", password: "word", session: { accessJwt, refreshJwt } });

Deno.test("describe tells when access and sign-in end, from the tokens alone", () => {
  const access = token({ exp: 1_790_000_000, scope: "com.atproto.appPass", sub: "dîd>>>???" });
  const said = describe({ secret: secretOf(access, token({ exp: 1_797_776_000 })) });
  assert.deepEqual([said.accessUntil, said.leaveUntil], [1_790_000_000_000, 1_797_776_000_000]);
  assert.deepEqual([said.scopes, said.missingScopes, said.warnings], [["com.atproto.appPass"], [], []]);
  assert.equal(said.promise, "exactly_once");
  assert.equal(said.prices, null);
  assert.equal(Object.values(said.may).every((one) => one === true), true);
});

Deno.test("describe leaves open what opaque tokens do not tell", () => {
  for (
    const opaque of [
      "opaque",
      "a.b.c",
      "a.!!.c",
      `a.${btoa("[1]")}.c`,
      token({ exp: "soon" }),
      token({ exp: -1 }),
    ]
  ) {
    const said = describe({ secret: secretOf(opaque, opaque) });
    assert.deepEqual([said.accessUntil, said.leaveUntil, said.warnings], [null, null, []], opaque);
  }
});

Deno.test("describe warns of the account's own password and of a secret that cannot be read, and shows neither", () => {
  const own = describe({ secret: secretOf(token({ scope: "com.atproto.access" }), "r") });
  assert.match(own.warnings.join(), /app password/);
  const broken = describe({ secret: "not a secret" });
  assert.match(broken.warnings.join(), /Link the account again/);
  assert.equal(/word"|not a secret/.test(JSON.stringify([own, broken])), false);
});
