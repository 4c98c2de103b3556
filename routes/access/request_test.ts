import assert from "node:assert/strict";
import { clientAddress, crossSiteFault, type CrossSiteQuestion, expectedOrigin } from "./request.ts";

const open = { publicUrl: null, trustProxy: false };
const proxied = { publicUrl: null, trustProxy: true };

Deno.test("the expected origin: is PUBLIC_URL's, whatever the request says", () => {
  const headers = new Headers({ host: "evil.example", "x-forwarded-proto": "http" });
  const settings = { publicUrl: "https://personas.example/", trustProxy: true };
  assert.equal(expectedOrigin(headers, "http://evil.example/", settings), "https://personas.example");
});

Deno.test("the expected origin: without PUBLIC_URL it is the host that the server was reached by", () => {
  const headers = new Headers({ host: "192.168.1.20:8000" });
  assert.equal(expectedOrigin(headers, "http://192.168.1.20:8000/x", open), "http://192.168.1.20:8000");
  assert.equal(expectedOrigin(new Headers(), "http://[::1]:8000/x", open), "http://[::1]:8000");
  assert.equal(expectedOrigin(new Headers({ host: "a/../b; c" }), "http://a/", open), null);
});

Deno.test("X-Forwarded-Proto: counts only with TRUST_PROXY", () => {
  const headers = new Headers({ host: "p.example", "x-forwarded-proto": "https" });
  assert.equal(expectedOrigin(headers, "http://p.example/", open), "http://p.example");
  assert.equal(expectedOrigin(headers, "http://p.example/", proxied), "https://p.example");
});

Deno.test("X-Forwarded-For: counts only with TRUST_PROXY, and only its last hop", () => {
  const of = (value: string, settings = proxied) =>
    clientAddress(new Headers({ "x-forwarded-for": value }), "127.0.0.1", settings);
  assert.equal(of("1.2.3.4, 10.0.0.7", open), "127.0.0.1");
  assert.equal(of("1.2.3.4, 10.0.0.7"), "10.0.0.7");
  assert.equal(of("10.0.0.7:5123"), "10.0.0.7");
  assert.equal(of("[2001:DB8::1]:443"), "2001:db8::1");
  assert.equal(of("2001:db8::1"), "2001:db8::1");
  assert.equal(of("1.2.3.4, unknown"), "127.0.0.1");
  assert.equal(clientAddress(new Headers(), "127.0.0.1", proxied), "127.0.0.1");
});

const origin = "https://personas.example";

function ask(headers: Record<string, string>, question: Partial<CrossSiteQuestion> = {}) {
  const fault = crossSiteFault({
    method: "POST",
    headers: new Headers(headers),
    origin,
    hasSession: true,
    isPlainForm: false,
    ...question,
  });
  return fault?.code ?? null;
}

Deno.test("a POST with a session: needs our origin and our header", () => {
  assert.equal(ask({ origin, "x-digi-persona": "1" }), null);
  assert.equal(ask({ origin, "hx-request": "true" }), null);
  assert.equal(ask({ origin }), "header_missing");
  assert.equal(ask({ origin, "x-digi-persona": "0" }), "header_missing");
  assert.equal(ask({ "x-digi-persona": "1" }), "cross_site");
});

Deno.test("a POST from elsewhere: is refused, session or not", () => {
  for (const hasSession of [true, false]) {
    for (
      const from of [
        "https://evil.example",
        "http://personas.example",
        "https://personas.example:444",
        "null",
        "",
        "https://x.personas.example",
      ]
    ) {
      assert.equal(ask({ origin: from, "x-digi-persona": "1" }, { hasSession }), "cross_site", from);
    }
    for (const site of ["cross-site", "same-site", ""]) {
      assert.equal(
        ask({ "sec-fetch-site": site, "x-digi-persona": "1" }, { hasSession }),
        "cross_site",
        site,
      );
    }
  }
});

Deno.test("Sec-Fetch-Site: stands in for a missing Origin and never overrules one", () => {
  assert.equal(ask({ "sec-fetch-site": "same-origin", "x-digi-persona": "1" }), null);
  assert.equal(
    ask({ origin: "https://evil.example", "sec-fetch-site": "same-origin", "x-digi-persona": "1" }),
    "cross_site",
  );
});

Deno.test("a plain form: needs no header, but our origin", () => {
  assert.equal(ask({ origin }, { isPlainForm: true }), null);
  assert.equal(ask({ origin: "https://evil.example" }, { isPlainForm: true }), "cross_site");
  assert.equal(ask({}, { isPlainForm: true, hasSession: false }), null);
});

Deno.test("reading: is never refused, but the socket's upgrade is checked", () => {
  const evil = { origin: "https://evil.example" };
  assert.equal(ask(evil, { method: "GET" }), null);
  assert.equal(ask({ ...evil, upgrade: "WebSocket" }, { method: "GET" }), "cross_site");
  assert.equal(ask({ upgrade: "websocket" }, { method: "GET" }), "cross_site");
  assert.equal(ask({ origin, upgrade: "websocket" }, { method: "GET" }), null);
});

Deno.test("every method that writes: is checked", () => {
  for (const method of ["PUT", "PATCH", "DELETE", "post", "PURGE"]) {
    assert.equal(ask({}, { method }), "cross_site", method);
  }
});

Deno.test("a refusal: says what to set, and quotes the stranger harmlessly", () => {
  const fault = crossSiteFault({
    method: "POST",
    headers: { get: (name) => name === "origin" ? "http://\u202eevil\n" : null },
    origin,
    hasSession: true,
    isPlainForm: false,
  });
  assert.match(
    fault?.detail ?? "",
    /http:\/\/\?evil\?, but digi-persona answers at https:\/\/personas\.example/,
  );
  assert.match(fault?.detail ?? "", /PUBLIC_URL/);
});
