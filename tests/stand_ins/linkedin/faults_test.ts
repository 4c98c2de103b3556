import assert from "node:assert/strict";
import { type Fault, FAULTS } from "./faults.ts";
import { asking, enc, PAGE, unpooled } from "./plain_client.ts";

/** What a client sees of each fault at `POST /rest/posts`, and whether the post is out all the same. */
const SEEN: Record<Fault, [seen: string, out: boolean]> = {
  reset_before: ["no answer", false],
  hang_before: ["no answer in time", false],
  server_error_before: ["500", false],
  bad_gateway_before: ["502", false],
  unavailable_before: ["503", false],
  conflict: ["409", false],
  rate_limited_application: ["429", false],
  rate_limited_member: ["429", false],
  expired_token: ["401 65602", false],
  revoked_token: ["401 65601", false],
  invalid_token: ["401 65600", false],
  version_sunset: ["426", false],
  token_in_error: ["403 100", false],
  redirect: ["307", false],
  missing_scope: ["403 100", false],
  role_lost: ["403 100", false],
  ghost_duplicate: ["422", false],
  read_lag: ["201 with id", true],
  image_processing_failed: ["201 with id", true],
  reset_after: ["no answer", true],
  hang_after: ["no answer in time", true],
  server_error_after: ["500", true],
  bad_gateway_after: ["502", true],
  half_answer: ["no answer", true],
  without_id: ["201 without id", true],
  junk_answer: ["200", true],
  slow: ["201 with id", true],
};

Deno.test("each fault looks as it should to a client, and has its effect, or none", async () => {
  await asking(async ({ linkedin, token, post }) => {
    for (const fault of FAULTS) {
      linkedin.control.fail({ fault, on: "POST /rest/posts" });
      const seen = await seenOf(linkedin.origin, token, fault);
      const out = linkedin.control.posts({ text: fault, visible: true }).length === 1;
      assert.deepEqual([seen, out], SEEN[fault], fault);
      assert.deepEqual(linkedin.control.faults(), []);
    }
    assert.equal((await post("Mended")).status, 201);
    assert.deepEqual(linkedin.control.refused(), []);
    assert.equal(linkedin.control.requests().filter(({ fault }) => fault !== null).length, FAULTS.length);
  }, { slowMs: 20 });
});

async function seenOf(origin: string, token: string, fault: Fault): Promise<string> {
  const commentary = fault.replaceAll("_", "\\_");
  const hangs = fault.startsWith("hang");
  const client = unpooled();
  try {
    const response = await fetch(`${origin}/rest/posts`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        "linkedin-version": "202610",
        "x-restli-protocol-version": "2.0.0",
      },
      body: JSON.stringify({
        author: PAGE,
        commentary,
        visibility: "PUBLIC",
        distribution: { feedDistribution: "MAIN_FEED" },
        lifecycleState: "PUBLISHED",
      }),
      redirect: "manual",
      signal: AbortSignal.timeout(hangs ? 150 : 20_000),
      client,
    } as RequestInit);
    const text = await response.text();
    if (response.status === 201) {
      return response.headers.has("x-restli-id") ? "201 with id" : "201 without id";
    }
    const code = text.startsWith("{") ? JSON.parse(text).serviceErrorCode : undefined;
    return [401, 403].includes(response.status) ? `${response.status} ${code}` : String(response.status);
  } catch (error) {
    return (error as Error).name === "TimeoutError" ? "no answer in time" : "no answer";
  } finally {
    client.close();
  }
}

Deno.test("half an answer with a body ends in the middle of the body", async () => {
  await asking(async ({ linkedin, ask }) => {
    linkedin.control.fail({ fault: "half_answer" });
    await assert.rejects(ask("GET", "/v2/userinfo"));
    assert.equal((await ask("GET", "/v2/userinfo")).status, 200);
  });
});

Deno.test("what was made last is missing from a lagging read, once", async () => {
  await asking(async ({ linkedin, ask, post }) => {
    await post("Old");
    await post("New");
    const texts = async () =>
      (await ask("GET", `/rest/posts?q=author&author=${enc(PAGE)}`)).body.elements.map(
        (one: { commentary: string }) => one.commentary,
      );
    linkedin.control.fail({ fault: "read_lag", on: "GET /rest/posts" });
    assert.deepEqual(await texts(), ["Old"]);
    assert.deepEqual(await texts(), ["New", "Old"]);
  });
});

Deno.test("faults befall the next N requests that fit, or all until they are mended", async () => {
  await asking(async ({ linkedin, ask }) => {
    const { control } = linkedin;
    const status = async (path = "/v2/userinfo") => (await ask("GET", path)).status;
    control.fail({ fault: "server_error_before", times: 2 });
    control.fail({ fault: "conflict", on: "GET /rest/" });
    assert.deepEqual([await status(), await status(), await status()], [500, 500, 200]);
    assert.equal(await status("/rest/organizationAcls?q=roleAssignee"), 409);
    control.fail({ fault: "unavailable_before", times: null });
    for (const _ of Array(3)) assert.equal(await status(), 503);
    control.mend({ fault: "unavailable_before" });
    assert.equal(await status(), 200);
    assert.throws(() => control.fail({ fault: "none such" as Fault }), /is no fault; one of: reset_before/);
    assert.throws(() => control.fail({ fault: "slow", times: 0 }), /times must be/);
  });
});

Deno.test("everything that can be done to the stand-in can be done over HTTP, without a token", async () => {
  await asking(async ({ ask }) => {
    const control = (name: string, input?: unknown) =>
      ask("POST", `/_control/${name}`, input, { authorization: null });
    assert.deepEqual((await control("fail", { fault: "conflict" })).body, null);
    assert.equal((await ask("GET", "/v2/userinfo")).status, 409);
    const made = await control("post", { by: PAGE, text: "By hand" });
    assert.match(made.body, /^urn:li:share:/);
    assert.equal((await control("posts", { visible: true })).body[0].urn, made.body);
    assert.equal((await control("requests")).body.length, 1);
    assert.equal((await control("fail", { fault: "none such" })).status, 400);
    assert.equal((await control("post", { by: "urn:li:person:nobody", text: "x" })).status, 400);
    assert.equal((await control("toString")).status, 404);
  });
});

Deno.test("two stand-ins with the same history give the same URNs and tokens", async () => {
  const run = async () => {
    const seen: string[] = [];
    await asking(async ({ token, post }) => {
      seen.push(token, (await post("Same")).headers.get("x-restli-id") ?? "");
    });
    return seen;
  };
  assert.deepEqual(await run(), await run());
});

Deno.test("the stand-in runs by hand and says where it is", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", new URL("main.ts", import.meta.url).pathname, "0", "0"],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  try {
    const { value = "" } = await reader.read();
    const [, origin = ""] = /^API +(\S+)$/m.exec(value) ?? [];
    const response = await fetch(`${origin}/_control/posts`, { method: "POST" });
    assert.deepEqual([response.status, await response.json()], [200, []]);
  } finally {
    child.kill();
    await child.status;
    await reader.cancel();
  }
});
