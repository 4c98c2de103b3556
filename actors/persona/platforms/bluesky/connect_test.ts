import assert from "node:assert/strict";
import { connectBluesky } from "./connect.ts";
import { withWorld } from "./testing.ts";

const nobody = { allowedOrigins: [], resolve: () => Promise.resolve([]) };

Deno.test("connectBluesky refuses what it cannot use, by field, before anything connects", async () => {
  const credentials = { identifier: "ada.example.com", password: "secret-word" };
  const cases: [Parameters<typeof connectBluesky>[0], string, RegExp][] = [
    [{ ...credentials, identifier: " " }, "identifier", /missing/],
    [{ ...credentials, password: "" }, "password", /missing/],
    [{ ...credentials, service: "http://127.0.0.1:2583" }, "service", /https.*ALLOWED_ORIGINS/],
    [{ ...credentials, service: "https://10.0.0.1" }, "service", /private.*ALLOWED_ORIGINS/],
    [{ ...credentials, service: "localhost" }, "service", /local network/],
    [{ ...credentials, identifier: "ada" }, "identifier", /no handle/],
    [{ ...credentials, identifier: "ada@example.com" }, "identifier", /name the service/],
    [{ ...credentials, identifier: "did:key:zabc" }, "identifier", /no DID of a kind/],
    [
      credentials,
      "identifier",
      /could not be asked \(https:\/\/bsky\.social: the server's name is not known\)/,
    ],
  ];
  for (const [given, field, reason] of cases) {
    const answer = await connectBluesky(given, nobody);
    assert.equal(answer.kind === "refused" && answer.field, field, JSON.stringify(given));
    assert.match(answer.kind === "refused" ? answer.reason : "", reason);
  }
});

Deno.test("connectBluesky says that nobody has a handle only where the resolver said so", async () => {
  let status = 400;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => Response.json({ error: "InvalidRequest", message: "Unable to resolve handle" }, { status }),
  );
  const resolver = `http://127.0.0.1:${server.addr.port}`;
  const rules = { allowedOrigins: [resolver], resolve: () => Promise.resolve([]) };
  const said = async () => {
    const answer = await connectBluesky({ identifier: "ada.example", password: "p" }, rules, { resolver });
    return answer.kind === "refused" ? answer.reason : answer.kind;
  };
  assert.equal(await said(), "nobody has this handle");
  for (status of [404, 429, 500]) {
    assert.match(await said(), /could not be asked .* name the account's server/);
  }
  await server.shutdown();
  assert.match(await said(), /could not be asked .*could not be reached/);
});

Deno.test("connectBluesky takes from a server no account and no name that are none, and shows no e-mail address", async () => {
  let said: Record<string, string> = {};
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, () => {
    return Response.json({ accessJwt: "a", refreshJwt: "b", ...said });
  });
  const service = `http://127.0.0.1:${server.addr.port}`;
  const connect = (identifier: string) =>
    connectBluesky({ service, identifier, password: "secret-word" }, { allowedOrigins: [service] });
  const did = "did:plc:ewvi7nxzyoun6zhxrhs64oiz";
  for (const handle of ["handle.invalid", "<b>ada\u202e", `${"x".repeat(100_000)}.example`]) {
    said = { did, handle };
    const answer = await connect("ada.example");
    assert.equal(answer.kind === "connected" && answer.handle, "ada.example");
    const byMail = await connect("ada@example.com");
    assert.equal(byMail.kind === "connected" && byMail.handle, did);
  }
  for (const wrong of ["did:key:zabc", `did:plc:${"a".repeat(10_000)}`, "did:plc:<b>"]) {
    said = { did: wrong, handle: "ada.example" };
    const answer = await connect("ada.example");
    assert.equal(answer.kind === "refused" && answer.field, "service");
  }
  await server.shutdown();
});

Deno.test("connectBluesky on a real network", async (test) => {
  await withWorld(test, async ({ network, did, handle, password }) => {
    const { pdsUrl, plcUrl } = network;
    const rules = { allowedOrigins: [pdsUrl, plcUrl], resolve: () => Promise.resolve([]) };
    const options = { plcUrl, resolver: pdsUrl };

    await test.step("signs in at a service that is named, the handle pasted as people do", async () => {
      const pasted = `\u202a@${handle.toUpperCase()}\u202c`;
      const answer = await connectBluesky({ service: `${pdsUrl}/`, identifier: pasted, password }, rules);
      assert.equal(answer.kind, "connected");
      if (answer.kind !== "connected") return;
      assert.deepEqual([answer.accountId, answer.handle, answer.service], [did, handle, pdsUrl]);
      const secret = JSON.parse(answer.secret);
      assert.deepEqual([secret.identifier, secret.password], [handle, password]);
      assert.equal(typeof secret.session.refreshJwt, "string");
    });

    await test.step("finds the PDS from the handle and from the DID", async () => {
      for (const identifier of [handle, did]) {
        const answer = await connectBluesky({ identifier, password }, rules, options);
        assert.equal(answer.kind === "connected" && answer.service, pdsUrl, JSON.stringify(answer));
        assert.equal(answer.kind === "connected" && answer.accountId, did);
      }
    });

    await test.step("does not go to a PDS that the rules forbid", async () => {
      const noPds = { ...rules, allowedOrigins: [plcUrl] };
      const answer = await connectBluesky({ identifier: did, password }, noPds, options);
      assert.equal(answer.kind === "refused" && answer.field, "service");
    });

    await test.step("does not ask a PLC directory that the rules forbid", async () => {
      const noPlc = { ...rules, allowedOrigins: [pdsUrl] };
      const answer = await connectBluesky({ identifier: did, password }, noPlc, options);
      assert.equal(answer.kind === "refused" && answer.field, "identifier");
    });

    await test.step("says which field is wrong, and never repeats the password", async () => {
      const wrong = await connectBluesky(
        { service: pdsUrl, identifier: handle, password: "wrong-word" },
        rules,
      );
      assert.equal(wrong.kind === "refused" && wrong.field, "password");
      assert.equal(JSON.stringify(wrong).includes("wrong-word"), false);
      const unknown = await connectBluesky({ identifier: "nobody.test", password }, rules, options);
      assert.equal(unknown.kind === "refused" && unknown.field, "identifier");
    });
  });
});
