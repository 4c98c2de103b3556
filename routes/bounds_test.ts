import { equal } from "node:assert/strict";
import { Hono } from "hono";
import { boundPages, MAX_FORM_BYTES } from "./bounds.ts";

function site(): Hono {
  const app = new Hono();
  app.use(boundPages((c) => c.text("no such page", 404)));
  app.all("*", async (c) => c.text(String((await c.req.text()).length)));
  return app;
}

const post = (path: string, body: BodyInit) => site().request(path, { method: "POST", body });

Deno.test("a form of the largest size is taken, and one byte more refused, announced or not", async () => {
  const largest = "a".repeat(MAX_FORM_BYTES);
  equal(await (await post("/personas/x/identity", largest)).text(), String(MAX_FORM_BYTES));
  equal((await post("/personas/x/identity", `${largest}a`)).status, 413);
  const chunked = new Blob([largest, "a"]).stream();
  equal((await post("/personas/x/identity", chunked)).status, 413);
});

Deno.test("uploads and the API, which have bounds of their own, are left alone", async () => {
  const body = "a".repeat(MAX_FORM_BYTES + 1);
  equal((await post("/new/import", body)).status, 200);
  equal((await post("/api/v1/personas/import", body)).status, 200);
  equal((await site().request("/api/v1/posts/%00")).status, 200);
});

Deno.test("an address with a NUL leads nowhere", async () => {
  for (const path of ["/personas/%00", "/posts/a%00b", "/activity?persona=%00"]) {
    equal((await site().request(path)).status, 404, path);
  }
  equal((await site().request("/personas/%2500")).status, 200);
});
