/** Access as browsers reach it: plain http on a LAN, behind a proxy that ends TLS, and from other sites. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { testOn } from "../../tests/database.ts";
import { route } from "../route.ts";
import { cookieOf, OWNER, startTestSite } from "./test_site.ts";

async function drained(answer: Promise<Response>): Promise<Response> {
  const response = await answer;
  await response.body?.cancel();
  return response;
}

testOn(
  "embedded",
  "plain http in a LAN: set-up, log-in and log-out work, the cookie is not Secure",
  async ({ sql }) => {
    const site = startTestSite(sql, { hostname: "127.0.0.2" });
    try {
      await site.setUpOwner();
      const answer = await drained(site.logIn());
      assert.equal(answer.status, 303);
      assert.match(
        answer.headers.getSetCookie()[0] ?? "",
        /^digi-persona=[A-Za-z0-9_-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/,
      );
      const cookie = cookieOf(answer);
      const page = await drained(site.send("/", { cookie }));
      assert.equal(page.status, 200);
      assert.equal(page.headers.get("strict-transport-security"), null);
      assert.equal(page.headers.get("cache-control"), "no-store");
      assert.ok(
        page.headers.get("content-security-policy")?.includes(
          `connect-src 'self' ws://${new URL(site.url).host};`,
        ),
      );
      const out = await drained(site.form("/logout", {}, { cookie, headers: { "hx-request": "true" } }));
      assert.equal(out.status, 204);
    } finally {
      await site.close();
    }
  },
);

testOn("embedded", "X-Forwarded headers without TRUST_PROXY: change nothing", async ({ sql }) => {
  const site = startTestSite(sql);
  try {
    await site.setUpOwner();
    const headers = { "x-forwarded-proto": "https", "x-forwarded-for": "10.9.8.7" };
    const answer = await drained(site.logIn(OWNER.password, { headers }));
    assert.match(answer.headers.getSetCookie()[0] ?? "", /^digi-persona=/);
    const rows = await sql.query<{ address: string }>("select distinct address from access_session");
    assert.deepEqual(rows, [{ address: "127.0.0.1" }]);
  } finally {
    await site.close();
  }
});

for (const isPublicUrlSet of [true, false]) {
  const how = isPublicUrlSet ? "with PUBLIC_URL" : "with TRUST_PROXY alone";
  testOn(
    "embedded",
    `behind a proxy that ends TLS, ${how}: the cookie is __Host- and Secure`,
    async ({ sql }) => {
      const certificate = await makeCertificate();
      if (certificate === null) return;
      const upstream = { url: "" };
      const proxy = startTlsProxy(certificate, () => upstream.url);
      const publicUrl = isPublicUrlSet ? proxy.url : null;
      const site = startTestSite(sql, { settings: { publicUrl, trustProxy: true } });
      upstream.url = site.url;
      const through = { base: proxy.url, client: proxy.client };
      try {
        const link = new URL(await site.access.issueSetUpLink(proxy.url) ?? "");
        assert.equal(link.origin, proxy.url);
        const token = link.searchParams.get("token") ?? "";
        const done = await drained(site.form("/setup", { token, ...OWNER }, through));
        assert.equal(done.status, 303);
        const answer = await drained(
          site.logIn(OWNER.password, { ...through, headers: { "x-forwarded-for": "6.6.6.6" } }),
        );
        assert.equal(answer.status, 303);
        assert.match(
          answer.headers.getSetCookie()[0] ?? "",
          /^__Host-digi-persona=[A-Za-z0-9_-]{43}; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
        );
        const cookie = cookieOf(answer);
        const page = await drained(site.send("/", { ...through, cookie }));
        assert.equal(page.status, 200);
        assert.equal(page.headers.get("strict-transport-security"), "max-age=31536000");
        assert.ok(
          page.headers.get("content-security-policy")?.includes(
            `connect-src 'self' wss://${new URL(proxy.url).host};`,
          ),
        );
        // What the client itself said about its address does not count.
        const rows = await sql.query<{ address: string }>("select distinct address from access_session");
        assert.deepEqual(rows, [{ address: "127.0.0.1" }]);
        // The same page read over plain http is another origin.
        const headers = { origin: proxy.url.replace("https", "http"), "x-digi-persona": "1" };
        assert.equal((await drained(site.form("/logout", {}, { ...through, cookie, headers }))).status, 403);
        const out = await drained(
          site.form("/logout", {}, { ...through, cookie, headers: { "x-digi-persona": "1" } }),
        );
        assert.equal(out.status, 303);
        assert.match(
          out.headers.get("set-cookie") ?? "",
          /^__Host-digi-persona=; Max-Age=0; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
        );
      } finally {
        await site.close();
        await proxy.close();
      }
    },
  );
}

testOn("embedded", "requests that another site made the browser send: change nothing", async ({ sql }) => {
  const site = startTestSite(sql);
  try {
    const cookie = await site.setUpOwner();
    const post = async (path: string, headers: Record<string, string>, method = "POST") => {
      const answer = await site.send(path, { cookie, method, headers, body: new URLSearchParams() });
      assert.equal(answer.headers.get("content-type"), "application/problem+json");
      return [answer.status, (await answer.json()).code];
    };
    const evil = { origin: "https://evil.example", "x-digi-persona": "1" };
    for (
      const path of [
        "/logout",
        "/login",
        "/setup",
        "/recover",
        "/account/password",
        "/api/v1/tokens",
        "/nowhere",
      ]
    ) {
      assert.deepEqual(await post(path, evil), [403, "cross_site"], path);
    }
    assert.deepEqual(await post("/logout", { "x-digi-persona": "1" }), [403, "cross_site"]);
    assert.deepEqual(await post("/logout", { "sec-fetch-site": "same-site", "hx-request": "true" }), [
      403,
      "cross_site",
    ]);
    assert.deepEqual(await post("/logout", { origin: site.url }), [403, "header_missing"]);
    assert.deepEqual(await post("/api/v1/tokens/0123456789abcdef", evil, "DELETE"), [403, "cross_site"]);
    assert.equal((await drained(site.send("/", { cookie }))).status, 200);
  } finally {
    await site.close();
  }
});

testOn("embedded", "logging somebody in from another site: is refused", async ({ sql }) => {
  const site = startTestSite(sql);
  try {
    await site.setUpOwner();
    const answer = await drained(site.logIn(OWNER.password, { headers: { origin: "https://evil.example" } }));
    assert.equal(answer.status, 403);
    assert.equal(answer.headers.get("set-cookie"), null);
  } finally {
    await site.close();
  }
});

testOn(
  "embedded",
  "an upgrade to a socket: is refused from another site and without an Origin",
  async ({ sql }) => {
    const site = startTestSite(sql, {
      routes: (app) =>
        route(app, "GET", "/live", "live.read", (c) => Deno.upgradeWebSocket(c.req.raw).response),
    });
    try {
      const cookie = await site.setUpOwner();
      const { port } = new URL(site.url);
      const ask = (headers: Record<string, string>) => upgrade(Number(port), headers);
      assert.equal(await ask({ cookie, origin: "https://evil.example" }), 403);
      assert.equal(await ask({ cookie }), 403);
      assert.equal(await ask({ origin: site.url }), 401);
      assert.equal(await ask({ cookie, origin: site.url }), 101);
      const made = await site.access.tokens.create({
        name: "a",
        scopes: ["read"],
        userId: null,
        expiresAt: null,
      });
      assert.equal(await ask({ authorization: `Bearer ${made!.token}` }), 101);
    } finally {
      await site.close();
    }
  },
);

testOn("embedded", "a page without a session: leads to the log-in and back", async ({ sql }) => {
  const site = startTestSite(sql);
  try {
    const html = { accept: "text/html,*/*" };
    const home = await drained(site.send("/", { headers: html }));
    assert.deepEqual([home.status, home.headers.get("location")], [303, "/login"]);
    const fragment = await drained(site.send("/", { headers: { ...html, "hx-request": "true" } }));
    assert.deepEqual([fragment.status, fragment.headers.get("hx-redirect")], [401, "/login"]);
    const api = await site.send("/api/v1/tokens", { headers: html });
    assert.equal(api.status, 401);
    assert.equal(api.headers.get("www-authenticate"), "Bearer");
    assert.equal((await api.json()).code, "unauthorized");
    const logIn = await site.send("/login?next=%2Fpersonas%3Fq%3D%22%3E%3Cscript%3E", {});
    const page = await logIn.text();
    assert.ok(page.includes("set-up link") && !page.includes("<script>"));
  } finally {
    await site.close();
  }
});

/** The status that a raw upgrade gets: `WebSocket` itself cannot send an Origin of our choice. */
async function upgrade(port: number, headers: Record<string, string>): Promise<number> {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  try {
    const request =
      `GET /live HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${lines}\r\n`;
    await connection.write(new TextEncoder().encode(request));
    const buffer = new Uint8Array(64);
    const count = await connection.read(buffer) ?? 0;
    return Number(new TextDecoder().decode(buffer.subarray(0, count)).split(" ")[1]);
  } finally {
    connection.close();
  }
}

interface Certificate {
  cert: string;
  key: string;
}

/** A certificate for 127.0.0.1 that nobody else trusts; null, said in one line, where openssl is missing. */
async function makeCertificate(): Promise<Certificate | null> {
  const folder = await Deno.makeTempDir({ prefix: "digi-persona-tls-" });
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  try {
    const { success, stderr } = await new Deno.Command("openssl", {
      args: [
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
      ]
        .concat([
          "-subj",
          "/CN=127.0.0.1",
          "-addext",
          "subjectAltName=IP:127.0.0.1",
          "-keyout",
          key,
          "-out",
          cert,
        ])
        .concat(["-addext", "basicConstraints=critical,CA:FALSE"]),
      stdout: "null",
      stderr: "piped",
    }).output();
    if (!success) throw new Error(`openssl: ${new TextDecoder().decode(stderr)}`);
    return { cert: await Deno.readTextFile(cert), key: await Deno.readTextFile(key) };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound) || Deno.env.get("CI") === "true") throw error;
    console.log("skipped, to run it: install openssl");
    return null;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Ends TLS and passes on to `upstream()`, as nginx or Caddy would. */
function startTlsProxy({ cert, key }: Certificate, upstream: () => string) {
  const inner = Deno.createHttpClient({ allowHost: true });
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, cert, key, onListen: () => {} },
    async (request, info) => {
      const { pathname, search, host } = new URL(request.url);
      const headers = new Headers(request.headers);
      const before = headers.get("x-forwarded-for");
      headers.set("x-forwarded-for", (before ? `${before}, ` : "") + info.remoteAddr.hostname);
      headers.set("x-forwarded-proto", "https");
      headers.set("host", host);
      const body = request.method === "GET" ? null : await request.arrayBuffer();
      const init = { method: request.method, headers, body, redirect: "manual", client: inner } as const;
      const answer = await fetch(upstream() + pathname + search, init);
      return new Response(answer.body, { status: answer.status, headers: answer.headers });
    },
  );
  const client = Deno.createHttpClient({ caCerts: [cert] });
  return {
    url: `https://127.0.0.1:${server.addr.port}`,
    client,
    close: async () => {
      client.close();
      inner.close();
      await server.shutdown();
    },
  };
}
