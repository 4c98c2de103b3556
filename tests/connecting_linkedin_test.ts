/** Connecting LinkedIn as a person does, through the real routes and against the stand-in. */
import assert from "node:assert/strict";
import { connectionSecret } from "../actors/persona/platforms/registry.ts";
import { until } from "./crash/wait.ts";
import { STANDING, testConnecting, type World } from "./connecting.ts";
import { Scan } from "./secrets/scan.ts";
import { SELF_SERVE_SCOPES } from "./stand_ins/linkedin/world.ts";
import { admin } from "./whole_app.ts";

const OVER = "/connections/not-connected";
const MEMBER = "urn:li:person:mAr1s0l-Q";
const PAGE = "urn:li:organization:77001";

async function begin(world: World, personaId: string, fields: Record<string, string> = {}): Promise<string> {
  const { ann, linkedin } = world;
  const asked = await ann.post(`/personas/${personaId}/connections/linkedin`, {
    ...STANDING,
    as: "page",
    clientId: linkedin.application.clientId,
    clientSecret: linkedin.application.clientSecret,
    ...fields,
  });
  assert.equal(asked.status, 200, asked.text);
  return asked.to;
}

/** There and back: the page on which the person confirms. */
async function answered(world: World, personaId: string, fields: Record<string, string> = {}) {
  const url = await begin(world, personaId, fields);
  return (await world.ann.get(world.linkedin.control.consent({ url, member: "mAr1s0l-Q" }))).to;
}

async function real({ call }: World, personaId: string) {
  const { body } = await call("GET", `/api/v1/personas/${personaId}/connections`, admin);
  // deno-lint-ignore no-explicit-any
  return (body.items as any[]).filter((one) => one.platform === "linkedin" && one.linked);
}

testConnecting(
  "LinkedIn by leave: a page or the member is chosen and confirmed; connecting again keeps the id and what was set",
  async (world) => {
    const { ann, linkedin, vault, database, reports, output, call } = world;
    const personaId = await world.createPersona();
    const form = `/personas/${personaId}/connections/linkedin`;
    const unsaid = await ann.post(form, {
      operatedBy: "Fern",
      kind: "own",
      clientId: "c",
      clientSecret: "s",
    });
    assert.equal(unsaid.status, 422);
    assert.match(unsaid.text, /has to say that a machine writes there/);
    const secretless = await ann.post(form, { ...STANDING, clientId: "an-app" });
    assert.match(secretless.text, /client secret of your app/);

    const url = await begin(world, personaId);
    const state = new URL(url).searchParams.get("state") ?? "";
    const back = linkedin.control.consent({ url, member: "mAr1s0l-Q" });
    const code = new URL(back).searchParams.get("code") ?? "";
    const answer = await ann.get(back);
    assert.deepEqual([answer.status, answer.headers.get("referrer-policy")], [303, "no-referrer"]);
    assert.equal((await ann.get(back)).to, OVER, "a state holds once");
    const offer = await ann.get(answer.to);
    assert.match(offer.text, /Which account shall it be\?/);
    assert.match(offer.text, /tide-and-table/);
    assert.match(offer.text, /page, as administrator/);
    assert.match(offer.text, /the leave to post is missing/, "the member, with leave for pages only");
    assert.equal((await ann.post(answer.to, { accountId: MEMBER })).status, 422);
    assert.equal((await ann.post(answer.to, {})).status, 422, "nothing was chosen");
    assert.deepEqual(await real(world, personaId), []);
    assert.equal((await ann.post(answer.to, { accountId: PAGE })).status, 200);

    const [linked] = await real(world, personaId);
    assert.deepEqual([linked.accountId, linked.handle, linked.wordsToModel], [PAGE, "tide-and-table", null]);
    const page = await ann.get(`/personas/${personaId}/connections`);
    assert.match(
      page.text,
      /ends in 59 days: connect it again before|ends in 60 days: connect it again before/,
    );
    assert.match(page.text, /href="https:\/\/www\.linkedin\.com\/company\/tide-and-table"/);

    // What people say there is shown to no model before a person says so
    const words = `/personas/${personaId}/connections/${linked.id}/words`;
    assert.match(page.text, /Show what people say there to the model/);
    assert.equal((await ann.post(words, { show: "yes" })).status, 200);
    assert.equal((await real(world, personaId))[0].wordsToModel, true);
    assert.match((await ann.get(`/personas/${personaId}/connections`)).text, /Stop showing a model/);

    // Again: the app is known, the id stays, and so does what was set
    const again = await answered(world, personaId, { clientId: "", clientSecret: "" });
    assert.equal((await ann.post(again, { accountId: PAGE })).status, 200);
    const [after] = await real(world, personaId);
    assert.deepEqual([after.id, after.wordsToModel], [linked.id, true]);

    // As the member: another account, which takes a yes
    const member = await answered(world, personaId, { as: "member" });
    assert.match((await ann.get(member)).text, /take the place of[\s\S]*tide-and-table/);
    assert.equal((await ann.post(member, { accountId: MEMBER })).status, 422);
    assert.equal((await ann.post(member, { accountId: MEMBER, replace: "on" })).status, 200);
    const [mine] = await real(world, personaId);
    assert.deepEqual([mine.id, mine.accountId, mine.handle, mine.wordsToModel], [
      linked.id,
      MEMBER,
      "Marisol Reyes",
      null,
    ]);
    assert.equal(mine.description.promise, "person_decides");

    const kept = JSON.parse((await vault.get(connectionSecret(linked.id)))?.value ?? "{}");
    const scan = new Scan({
      state,
      code,
      "client secret": linkedin.application.clientSecret,
      "access token": kept.grant.access,
    }, "tide-and-table");
    scan.look("pages", ann.seen.join("\n"));
    scan.look("reports", reports.join("\n"));
    scan.look("output", output.join("\n"));
    scan.look("events", JSON.stringify((await call("GET", "/api/v1/events?limit=200", admin)).body));
    for (const table of ["oauth_state", "vault", "event", "connection", "command"]) {
      const rows = await database.sql.query<{ text: string }>(`select t::text as text from ${table} t`);
      scan.look(table, rows.map(({ text }) => text).join("\n"));
    }
    assert.deepEqual(scan.found, []);
    assert.ok(scan.marked.includes("events"));
  },
);

testConnecting(
  "LinkedIn by leave: refusals are said in plain words, and leave nothing behind",
  async (world) => {
    const { ann, linkedin } = world;
    const personaId = await world.createPersona();
    const said = async (back: string) => (await ann.get((await ann.get(back)).to)).text;

    const denied = linkedin.control.consent({
      url: await begin(world, personaId),
      member: "mAr1s0l-Q",
      allow: false,
    });
    assert.match(await said(denied), /No leave was given on LinkedIn/);

    const url = new URL(await begin(world, personaId));
    const scope = new URL(url.searchParams.get("redirect_uri") ?? "");
    scope.search = new URLSearchParams({
      state: url.searchParams.get("state") ?? "",
      error: "unauthorized_scope_error",
      error_description: "<script>alert(1)</script>",
    }).toString();
    const products = await said(scope.href);
    assert.match(products, /look at the products of the app/);
    assert.doesNotMatch(products, /alert\(1\)/);

    const wrong = await begin(world, personaId, { clientSecret: "not-the-secret" });
    assert.match(
      await said(linkedin.control.consent({ url: wrong, member: "mAr1s0l-Q" })),
      /Nothing was connected[\s\S]*LinkedIn answered 401/,
    );

    linkedin.control.fail({ fault: "bad_gateway_before", on: "POST /oauth/v2/accessToken" });
    const broken = await begin(world, personaId);
    assert.match(
      await said(linkedin.control.consent({ url: broken, member: "mAr1s0l-Q" })),
      /Nothing was connected/,
    );
    assert.deepEqual(await real(world, personaId), []);

    // An account of another persona
    const offer = await answered(world, personaId);
    assert.equal((await ann.post(offer, { accountId: PAGE })).status, 200);
    const other = await world.createPersona();
    const taken = await answered(world, other);
    assert.match((await ann.get(taken)).text, /belongs to another persona already/);
    assert.equal((await ann.post(taken, { accountId: PAGE })).status, 422);
    assert.deepEqual(await real(world, other), []);
  },
);

testConnecting(
  "LinkedIn, a member's figures: asked for by the setting, shown as missing where not given, refused to an app that has no such leave",
  async (world) => {
    const { ann, linkedin } = world;
    const personaId = await world.createPersona();
    const scopesOf = (url: string) => new URL(url).searchParams.get("scope")?.split(" ");
    const asked = await begin(world, personaId, { as: "member" });
    assert.deepEqual(scopesOf(asked), ["openid", "profile", "w_member_social", "r_member_postAnalytics"]);
    const ofPage = scopesOf(await begin(world, personaId));
    assert.ok(ofPage?.includes("w_organization_social") && !ofPage.includes("r_member_postAnalytics"));

    const confirm = async (url: string) => {
      const offer = (await ann.get(linkedin.control.consent({ url, member: "mAr1s0l-Q" }))).to;
      assert.equal((await ann.post(offer, { accountId: MEMBER })).status, 200);
      return (await real(world, personaId))[0].description;
    };
    const narrow = new URL(asked);
    narrow.searchParams.set("scope", "openid profile w_member_social");
    const less = await confirm(narrow.href);
    assert.deepEqual([less.missingScopes, less.may.post, less.may.measure], [
      ["r_member_postAnalytics"],
      true,
      false,
    ]);
    assert.match((await ann.get(`/personas/${personaId}/connections`)).text, /lacks r_member_postAnalytics/);
    const whole = await confirm(await begin(world, personaId, { as: "member" }));
    assert.deepEqual([whole.missingScopes, whole.may.measure], [[], true]);

    linkedin.application.scopes = SELF_SERVE_SCOPES;
    const url = await begin(world, personaId, { as: "member" });
    const back = await ann.get(linkedin.control.consent({ url, member: "mAr1s0l-Q" }));
    assert.match((await ann.get(back.to)).text, /look at the products of the app/);
  },
  { linkedInSettings: { memberAnalytics: true } },
);

testConnecting(
  "LinkedIn's calls of a day are counted, and the count goes on in the next worker",
  async (world) => {
    const { ann, linkedin, call } = world;
    const personaId = await world.createPersona();
    const offer = await answered(world, personaId);
    linkedin.control.forgetRequests();
    assert.equal((await ann.post(offer, { accountId: PAGE })).status, 200);
    const [{ id }] = await real(world, personaId);
    const asked = () => linkedin.control.requests().filter(({ host }) => host === "api").length;
    /** Once all that LinkedIn was asked is counted. */
    const counted = () =>
      until("every call to be counted", 15_000, async () => {
        const [window] = (await real(world, personaId))[0].use.windows;
        return window !== undefined && window.limit - window.remaining === asked() ? window : null;
      });
    assert.equal((await ann.post(`/personas/${personaId}/connections/${id}/check`, {})).status, 200);
    const before = await counted();
    assert.deepEqual([before.name, before.holds, before.limit], ["calls a day of this account", "any", 40]);
    const slept = await call("POST", `/api/v1/personas/${personaId}/runtime`, admin, { what: "hibernate" });
    assert.ok(slept.status < 300, JSON.stringify(slept.body));
    assert.equal((await ann.post(`/personas/${personaId}/connections/${id}/check`, {})).status, 200);
    const [after, calls] = [await counted(), asked()];
    assert.ok(calls > before.limit - before.remaining, "it was asked again");
    assert.equal(after.remaining, after.limit - calls);
  },
  { linkedInSettings: { callsADay: 40 } },
);
