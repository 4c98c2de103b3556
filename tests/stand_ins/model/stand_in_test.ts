import assert from "node:assert/strict";
import { startModelStandIn } from "./stand_in.ts";

const good = { model: "stand-in-1", messages: [{ role: "user", content: "hello" }], stream: true };

Deno.test("the model stand-in refuses what a strict endpoint would refuse, and names the field", async () => {
  const model = await startModelStandIn();
  const ask = async (body: unknown, headers: Record<string, string> = {}, path = "/chat/completions") => {
    const response = await fetch(model.url + path, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${model.apiKey}`, ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, param: response.ok ? "" : JSON.parse(text).error.param, text };
  };
  try {
    const cases: [unknown, number, string][] = [
      [{ ...good, temperature: 1 }, 400, "temperature"],
      [{ ...good, model: undefined }, 400, "model"],
      [{ ...good, messages: [] }, 400, "messages"],
      [{ ...good, messages: [{ role: "robot", content: "x" }] }, 400, "messages[0].role"],
      [{ ...good, messages: [{ role: "user", content: "x", name: "y" }] }, 400, "messages[0]"],
      [{ ...good, stream: false }, 400, "stream"],
      [{ ...good, stream_options: { other: 1 } }, 400, "stream_options"],
      [{ ...good, seed: 1.5 }, 400, "seed"],
      [{ ...good, max_completion_tokens: 0 }, 400, "max_completion_tokens"],
      [{ ...good, model: "other" }, 404, "model"],
      ["{", 400, ""],
    ];
    for (const [body, status, param] of cases) {
      const answer = await ask(body);
      assert.deepEqual([answer.status, answer.param], [status, param], JSON.stringify(body));
    }
    assert.equal((await ask(good, { authorization: "Bearer other" })).status, 401);
    assert.equal((await ask(good, { "content-type": "text/plain" })).status, 415);
    assert.equal((await ask(good, {}, "/completions")).status, 404);
    const one = await ask(good);
    assert.deepEqual([one.status, (await ask(good)).text], [200, one.text]);
    assert.match(one.text, /\[DONE\]/);
  } finally {
    await model.stop();
  }
});

Deno.test("faults can be set for one request by a header, or for all by the admin path", async () => {
  const model = await startModelStandIn();
  const headers = { "content-type": "application/json", authorization: `Bearer ${model.apiKey}` };
  const ask = async (more: Record<string, string> = {}) => {
    const response = await fetch(`${model.url}/chat/completions`, {
      method: "POST",
      headers: { ...headers, ...more },
      body: JSON.stringify(good),
    });
    await response.text();
    return response.status;
  };
  try {
    assert.equal(await ask({ "x-stand-in-fault": "server_error" }), 500);
    assert.equal(await ask(), 200);
    const admin = new URL("/admin/fault", model.url);
    assert.equal(
      (await fetch(admin, { method: "POST", body: '{"fault": "html_502"}' }).then((r) => r.text())).includes(
        "html_502",
      ),
      true,
    );
    assert.equal(await ask(), 502);
    assert.equal(
      (await fetch(admin, { method: "POST", body: '{"fault": "none such"}' }).then((
        r,
      ) => (r.body?.cancel(), r))).status,
      400,
    );
    model.setFault(null);
    assert.equal(await ask(), 200);
    assert.equal(model.requests().length, 4);
  } finally {
    await model.stop();
  }
});
