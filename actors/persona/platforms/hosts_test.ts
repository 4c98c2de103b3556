import assert from "node:assert/strict";
import { checkHost, type HostRules, isPrivateAddress } from "./hosts.ts";

const publicRules: HostRules = { allowedOrigins: [], resolve: () => Promise.resolve(["93.184.216.34"]) };
const resolving = (...addresses: string[]): HostRules => ({
  allowedOrigins: [],
  resolve: () => Promise.resolve(addresses),
});

for (
  const [url, origin] of [
    ["https://pds.example.com", "https://pds.example.com"],
    ["https://pds.example.com/xrpc/path?x=1", "https://pds.example.com"],
    ["https://PDS.Example.COM:443/", "https://pds.example.com"],
    ["https://93.184.216.34", "https://93.184.216.34"],
    ["https://[2606:4700::1111]", "https://[2606:4700::1111]"],
    ["https://bücher.example.com", "https://xn--bcher-kva.example.com"],
  ] as const
) {
  Deno.test(`checkHost lets ${url} pass as its origin`, async () => {
    assert.deepEqual(await checkHost(url, publicRules), { ok: true, origin });
  });
}

for (
  const [url, why] of [
    ["http://pds.example.com", /https/],
    ["ftp://pds.example.com", /https/],
    ["file:///etc/passwd", /https/],
    ["javascript:alert(1)", /https/],
    ["pds.example.com", /no address/],
    ["", /no address/],
    ["https://", /no address/],
    ["https://user@pds.example.com", /user name/],
    ["https://user:secret@pds.example.com", /user name/],
    ["https://@pds.example.com", /user name/],
    ["https://good.example@127.0.0.1", /user name/],
    ["https://pds.example.com:8443", /port/],
    ["https://pds.example.com:22", /port/],
    ["https://pds.example.com:0", /port/],
    ["https://pds.exa\tmple.com", /hidden/],
    ["https://pds.example.com\\@127.0.0.1", /hidden/],
    [" https://pds.example.com", /hidden/],
    ["https://pds\u200b.example.com", /hidden/],
    ["https://pds\u202e.example.com", /hidden/],
    [`https://${"a".repeat(600)}.example.com`, /too long/],
    ["https://localhost", /local network/],
    ["https://LOCALHOST", /local network/],
    ["https://a.localhost", /local network/],
    ["https://printer.local", /local network/],
    ["https://metadata.google.internal", /local network/],
    ["https://router.home.arpa", /local network/],
    ["https://intranet", /local network/],
    ["https://server", /full one/],
    ["https://localhost.", /well-formed/],
    ["https://pds.example.com.", /well-formed/],
    ["https://127.0.0.1", /private/],
    ["https://127.1", /private/],
    ["https://2130706433", /private/],
    ["https://0x7f000001", /private/],
    ["https://0177.0.0.1", /private/],
    ["https://１２７.0.0.1", /private/],
    ["https://0.0.0.0", /private/],
    ["https://10.1.2.3", /private/],
    ["https://100.64.0.1", /private/],
    ["https://169.254.169.254", /private/],
    ["https://172.16.0.1", /private/],
    ["https://172.31.255.255", /private/],
    ["https://192.168.1.1", /private/],
    ["https://224.0.0.1", /private/],
    ["https://255.255.255.255", /private/],
    ["https://[::]", /private/],
    ["https://[::1]", /private/],
    ["https://[::ffff:127.0.0.1]", /private/],
    ["https://[::ffff:7f00:1]", /private/],
    ["https://[::ffff:8.8.8.8]", /private/],
    ["https://[64:ff9b::7f00:1]", /private/],
    ["https://[64:ff9b:1::a00:1]", /private/],
    ["https://[2002:7f00:1::]", /private/],
    ["https://[2001:0:7f00:1::]", /private/],
    ["https://[2001:db8::1]", /private/],
    ["https://[fe80::1]", /private/],
    ["https://[fec0::1]", /private/],
    ["https://[fc00::1]", /private/],
    ["https://[fd12:3456::1]", /private/],
    ["https://[ff02::1]", /private/],
    ["https://[100::1]", /private/],
  ] as const
) {
  Deno.test(`checkHost refuses ${JSON.stringify(url.slice(0, 60))}`, async () => {
    const check = await checkHost(url, publicRules);
    assert.equal(check.ok, false);
    assert.match(check.ok ? "" : check.reason, why);
  });
}

Deno.test("checkHost refuses a name when any one of its addresses is private", async () => {
  for (const address of ["127.0.0.1", "10.0.0.1", "::1", "::ffff:10.0.0.1", "fd00::1", "nonsense"]) {
    const check = await checkHost("https://pds.example.com", resolving("93.184.216.34", address));
    assert.deepEqual(check, { ok: false, reason: "the server has a private or reserved address" }, address);
  }
});

Deno.test("checkHost refuses a name that is not known", async () => {
  const check = await checkHost("https://pds.example.com", resolving());
  assert.deepEqual(check, { ok: false, reason: "the server's name is not known" });
});

Deno.test("checkHost asks the system's own resolver when none is given", async () => {
  const check = await checkHost("https://nobody.invalid", { allowedOrigins: [] });
  assert.equal(check.ok, false);
});

Deno.test("checkHost goes by the name alone where names may not be resolved", async () => {
  const rules: HostRules = { allowedOrigins: [], resolve: () => Promise.resolve(null) };
  assert.equal((await checkHost("https://pds.example.com", rules)).ok, true);
  assert.equal((await checkHost("https://127.0.0.1", rules)).ok, false);
});

Deno.test("checkHost lets exactly the operator's origins pass", async () => {
  const rules: HostRules = { ...publicRules, allowedOrigins: ["http://localhost:2583"] };
  assert.deepEqual(await checkHost("http://localhost:2583/", rules), {
    ok: true,
    origin: "http://localhost:2583",
  });
  for (
    const other of [
      "http://localhost:2584",
      "https://localhost:2583",
      "http://localhost",
      "http://127.0.0.1:2583",
      "http://user@localhost:2583",
      "http://localhost:2583.example.com",
    ]
  ) {
    assert.equal((await checkHost(other, rules)).ok, false, other);
  }
});

Deno.test("isPrivateAddress knows the borders of the reserved ranges", () => {
  const open = ["9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0"];
  for (
    const address of [...open, "192.167.255.255", "223.255.255.255", "2606:4700::1", "2a00::1", "3ffe::1"]
  ) {
    assert.equal(isPrivateAddress(address), false, address);
  }
  const closed = [
    "10.0.0.0",
    "10.255.255.255",
    "100.64.0.0",
    "100.127.255.255",
    "198.19.255.255",
    "240.0.0.1",
  ];
  for (const address of [...closed, "1fff::1", "4000::1", "7fff::1", "8000::1", "", "1.2.3", "localhost"]) {
    assert.equal(isPrivateAddress(address), true, address);
  }
});
