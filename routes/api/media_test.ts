import { deepEqual, equal, match } from "node:assert/strict";
import { MAX_PICTURE_BYTES } from "../../media/limits.ts";
import { asJpeg, asPng, photo, quarters } from "../../media/testing.ts";
import { ADMIN_TOKEN } from "../access/test_site.ts";
import { type TestApi, testApi } from "./test_api.ts";

const png = await asPng(quarters(40, 30));

async function give(
  api: TestApi,
  personaId: string,
  body: Uint8Array<ArrayBuffer> | string,
  { type = "image/png", query = "?platform=bluesky", headers = {} }: {
    type?: string;
    query?: string;
    headers?: Record<string, string>;
  } = {},
) {
  const answer = await api.site.send(`/api/v1/personas/${personaId}/media${query}`, {
    method: "POST",
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": type, ...headers },
    body,
  });
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
}

async function look(api: TestApi, url: string): Promise<Response> {
  return await api.site.send(url, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
}

testApi("a picture that is given: is made ready, named by its hash, and can be looked at", async (api) => {
  const id = await api.persona();
  const given = await give(api, id, png);
  deepEqual([given.status, given.headers.get("location")], [201, given.body.url]);
  const { sha256, url, bytes, ...rest } = given.body;
  deepEqual(rest, { mime: "image/png", width: 40, height: 30 });
  match(sha256, /^[0-9a-f]{64}$/);

  const answer = await look(api, url);
  const shown = new Uint8Array(await answer.arrayBuffer());
  deepEqual([answer.status, shown.length], [200, bytes]);
  equal(new Uint8Array(await crypto.subtle.digest("SHA-256", shown)).toHex(), sha256);
  deepEqual(
    ["content-type", "content-security-policy", "x-content-type-options", "cache-control"].map((name) =>
      answer.headers.get(name)
    ),
    ["image/png", "default-src 'none'; sandbox", "nosniff", "private, max-age=31536000, immutable"],
  );
  equal((await give(api, id, png)).body.sha256, sha256, "the same again is the same picture");
});

testApi("a picture: is what its contents are, and as large as its platform takes", async (api) => {
  const id = await api.persona();
  const jpeg = await asJpeg(photo(2_400, 120));
  const sandbox = await give(api, id, jpeg, { type: "image/png", query: "?platform=sandbox" });
  deepEqual([sandbox.status, sandbox.body.mime, sandbox.body.width], [201, "image/jpeg", 2_000]);
});

testApi("a file that cannot be taken: refused with what was wrong and what would be right", async (api) => {
  const id = await api.persona();
  const refused = async (
    ...given: Parameters<typeof give> extends [unknown, unknown, ...infer R] ? R : never
  ) => {
    const { status, body } = await give(api, id, ...given);
    return [status, body.code, body.detail, body.errors?.[0].reason];
  };
  deepEqual(await refused("<html><script>alert(1)</script></html>"), [
    422,
    "bad_picture",
    "This is a web page. JPEG, PNG, WebP and GIF are taken.",
    "unsupported",
  ]);
  deepEqual((await refused(png.slice(0, -20))).slice(0, 2), [422, "bad_picture"]);
  deepEqual((await refused("<svg></svg>", { type: "image/svg+xml" })).slice(0, 2), [
    415,
    "unsupported_media_type",
  ]);
  deepEqual((await refused(new Uint8Array(MAX_PICTURE_BYTES + 1))).slice(0, 2), [413, "too_large"]);
  deepEqual((await refused(png, { query: "" })).slice(0, 2), [400, "invalid_request"]);
  deepEqual((await refused(png, { query: "?platform=usenet" })).slice(0, 2), [400, "invalid_request"]);
  equal((await give(api, "none", png)).status, 404);
  api.disk.free = 0;
  deepEqual((await refused(png)).slice(0, 2), [507, "disk_full"]);
});

testApi("a picture of one persona: is not there for another, and not for who may not read", async (api) => {
  const [mine, other] = [await api.persona(), await api.persona({ name: "Vera Lind" })];
  const { body: { sha256, url } } = await give(api, mine, png);
  const missing = [
    `/api/v1/personas/${other}/media/${sha256}`,
    `/api/v1/personas/${mine}/media/${"0".repeat(64)}`,
  ];
  for (const path of [...missing, `/api/v1/personas/${mine}/media/x`, "/api/v1/personas/none/media/x"]) {
    const answer = await look(api, path);
    deepEqual([answer.status, (await answer.json()).code], [404, "not_found"], path);
  }
  const writes = await api.token("write");
  const reads = await api.token("read");
  equal((await api.call("GET", url, undefined, writes)).status, 403);
  equal((await api.call("GET", url, undefined, reads)).status, 200);
  equal((await give(api, mine, png, { headers: reads })).status, 403);
  equal((await give(api, mine, png, { headers: writes })).status, 201);
});
