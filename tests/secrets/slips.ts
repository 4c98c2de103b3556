import assert from "node:assert/strict";
import { OWNER, type RunningProgram } from "../program.ts";
import { PLANTED } from "./planted.ts";

/** Secrets sent in the wrong place or shape: the answers, none of which may repeat them. */
export async function slips(program: RunningProgram, personaId: string, cookie: string): Promise<string[]> {
  const password = PLANTED["Bluesky password"];
  const key = PLANTED["key of an account on X"];
  const keys = { consumerKey: key, consumerSecret: key, accessToken: key, accessSecret: key };
  const first = { operatedBy: "Nowhere Point Trust", kind: "fictional", disclose: "on" };
  const connections = `/api/v1/personas/${personaId}/connections`;
  const json = { "content-type": "application/json" };
  const form = { "hx-request": "true" };
  const fields = (more: Record<string, string>) => new URLSearchParams({ password, ...more });
  const sent: [string, Parameters<RunningProgram["call"]>[2]][] = [
    [connections, { body: { platform: "bluesky", identifier: 7, password } }],
    [connections, {
      body: { platform: "bluesky", identifier: "marisol.test", password, extra: password },
    }],
    [connections, { body: { platform: password } }],
    [connections, { raw: `"${password}`, headers: json }],
    [connections, { raw: `{"password": ${password}}`, headers: json }],
    ["/api/v1/tokens", { body: { name: "robot", scopes: [program.adminToken] } }],
    ["/api/v1/account/password", {
      body: { current: OWNER.password, password: OWNER.password.slice(0, 3) },
      as: { cookie },
    }],
    ["/account/password", { raw: fields({ current: password }), headers: form, as: { cookie } }],
    ["/login", { raw: fields({ name: OWNER.name }), as: null }],
    [`/personas/${personaId}/connections/bluesky`, {
      raw: fields({ identifier: "" }),
      headers: form,
      as: { cookie },
    }],
    [connections, { body: { platform: "x", ...keys, accessSecret: 7, disclose: true } }],
    [connections, { body: { platform: "x", ...keys, disclose: true } }],
    [`/personas/${personaId}/connections/x`, {
      raw: new URLSearchParams({ ...first, ...keys, way: "keys" }),
      headers: form,
      as: { cookie },
    }],
    [`/personas/${personaId}/connections/linkedin`, {
      raw: new URLSearchParams({ ...first, disclose: "", clientSecret: key }),
      headers: form,
      as: { cookie },
    }],
    [`/personas/${personaId}/command`, { raw: fields({ line: "/connect" }), headers: form, as: { cookie } }],
  ];
  const answers: string[] = [];
  for (const [path, options] of sent) {
    const answer = await program.call("POST", path, options);
    assert.ok(answer.status >= 400 && answer.status < 500, `${path}: ${answer.status} ${answer.text}`);
    answers.push(answer.text);
  }
  return answers;
}
