import assert from "node:assert/strict";
import { appOf } from "./app_of.ts";

const own = { clientId: "own", clientSecret: "own-secret" };
const settings = { clientId: "settings", clientSecret: "settings-secret" };

Deno.test("the app of a connection: what was typed, else the connection's own, else the settings'; nothing takes a known secret's place", () => {
  const of = (clientId: string, clientSecret = "", known = [own, settings]) =>
    appOf({ clientId, clientSecret }, known);
  assert.deepEqual(of(""), own);
  assert.deepEqual(appOf({ clientId: " ", clientSecret: "" }, [null, settings]), settings);
  assert.deepEqual(of("settings"), settings, "its secret was left empty");
  assert.deepEqual(of(" own ", " another "), { clientId: "own", clientSecret: "another" });
  assert.deepEqual(of("third"), { clientId: "third", clientSecret: null }, "a public client");
  const field = (answer: ReturnType<typeof appOf>) => "kind" in answer ? answer.field : null;
  assert.equal(field(of("", "a secret alone")), "clientId");
  assert.equal(field(appOf({ clientId: "", clientSecret: "" }, [null, null])), "clientId");
});
