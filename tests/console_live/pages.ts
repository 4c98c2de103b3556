/** Every page: with hostile texts, with ordinary ones, on a phone, in the dark. */
import { SOURCES } from "../../actors/persona/policy/sources.ts";
import assert from "node:assert/strict";
import { isLive, pagesOf, type World } from "./world.ts";

/** Where platforms keep the rules that a verdict names. */
const RULES: ReadonlySet<string> = new Set(Object.values(SOURCES));

const HOSTILE = [
  `<script>alert("pwned")</script>`,
  `<img src="/pwned.png" onerror="alert('pwned')">`,
  `<div hx-get="/pwned" hx-trigger="load">x</div>`,
  `</textarea></title><svg onload="alert('pwned')">`,
  `<hx-partial hx-target="body">pwned</hx-partial>`,
  `" autofocus onfocus="alert('pwned')" x="`,
  `<form action="https://evil.example/pwned"><button>Approve and publish now</button></form>`,
  `\u202egnp.exe\u202c \u200bjavascript:alert('pwned') https://evil.example/pwned {{constructor}} \${7*7}`,
].join(" ");

export async function hostileTexts(world: World): Promise<void> {
  const personaId = await world.persona({
    name: `<b onmouseover=alert(1)>Eve`,
    background: HOSTILE,
    purpose: HOSTILE,
    interests: [`<img src=/pwned.png onerror=alert(1)>`],
    examples: [HOSTILE.slice(0, 400)],
    knowledge: [{ key: `<script>alert(1)</script>`, text: HOSTILE }],
    systemPrompt: HOSTILE,
    operatedBy: `<img src=/pwned.png>`,
  });
  const { page, context, troubles, strayRequests } = await world.visit();
  const wanted: string[] = [];
  page.on("request", (request) => {
    if (new URL(request.url()).pathname.includes("pwned")) wanted.push(request.url());
  });
  const check = async (where: string) => {
    assert.deepEqual([troubles, strayRequests, wanted], [[], [], []], where);
    const targets = await page.locator("a[href], form[action]").evaluateAll((links) =>
      links.map((link) =>
        (link as unknown as { href?: string; action?: string }).href ??
          (link as unknown as { action: string }).action
      )
    );
    const ours = (target: string) => target.startsWith(`${world.program.url}/`) || RULES.has(target);
    assert.deepEqual(targets.filter((target) => !ours(target)), [], where);
    const active = await page.locator(
      "main script, main [onerror], main [onfocus], main [onload], main [onmouseover], main [hx-get], main img",
    ).count();
    assert.equal(active, 0, `no element of theirs on ${where}`);
  };
  await page.goto(`/personas/${personaId}`);
  await isLive(page);
  // Arriving live, and loaded.
  const postId = await world.draft(personaId, HOSTILE.slice(0, 300));
  await page.locator(`#post-${postId}`).waitFor();
  await world.command(personaId, { type: "revise", postId, text: HOSTILE.slice(0, 490) });
  const said = page.locator(`#post-${postId} .said`);
  await said.getByText(`<script>alert("pwned")</script>`).waitFor();
  assert.doesNotMatch(await said.innerText(), /[\u202a-\u202e\u2066-\u2069\u200b]/);
  await check("the page that it arrived on");
  const rejected = await world.draft(personaId, "lamps");
  await world.command(personaId, { type: "reject", postId: rejected, reason: HOSTILE });
  for (
    const path of [
      ...pagesOf(personaId, postId).filter((path) => path !== "/nowhere"),
      `/posts/${rejected}`,
      `/find?q=${encodeURIComponent(HOSTILE.slice(0, 200))}`,
    ]
  ) {
    await page.goto(path);
    await check(path);
  }
  await page.goto(`/personas/${personaId}`);
  await page.locator("#line-input").fill(`/compose about ${HOSTILE.slice(0, 300)}`);
  await page.locator("#understood").getByText("Asks for a draft").waitFor();
  await page.locator(`#post-${postId}`).getByRole("button", { name: "Edit" }).click();
  await page.locator(`#post-${postId}`).getByLabel("Text").fill(`${HOSTILE} more`);
  await page.locator(`#post-${postId} [data-diff] ins`).first().waitFor();
  await check("the page while it is typed");
  await context.close();
}

export async function everyPage(world: World): Promise<void> {
  const personaId = await world.persona();
  const postId = await world.draft(personaId);
  const { page, context, troubles, strayRequests } = await world.visit();
  for (const path of pagesOf(personaId, postId)) {
    await page.goto(path);
    await page.locator("main h1, main h2").first().waitFor();
    const live = await page.locator("#socket").count() === 1;
    if (live) await isLive(page);
  }
  // A page that is not there answers 404, which the browser's console notes.
  assert.deepEqual(troubles.filter((one) => !one.includes("/nowhere")), []);
  assert.deepEqual(strayRequests, []);
  await context.close();
}

export async function phone(world: World): Promise<void> {
  const personaId = await world.persona({
    name: "Maximiliana Featherstonehaugh-Cholmondeley of the Northern Lights",
    zone: "America/Argentina/ComodRivadavia",
  });
  const postId = await world.draft(personaId);
  await world.command(personaId, {
    type: "revise",
    postId,
    text: `Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen${"n".repeat(200)} https://example.com/${
      "long/".repeat(30)
    }`,
  });
  const over: string[] = [];
  for (const dark of [false, true]) {
    const { page, context } = await world.visit({ phone: true, dark });
    const measure = async (path: string) => {
      const { scrollWidth, clientWidth } = await page.evaluate(() => {
        // deno-lint-ignore no-explicit-any
        const { scrollWidth, clientWidth } = (globalThis as any).document.documentElement;
        return { scrollWidth, clientWidth };
      });
      if (scrollWidth > clientWidth) {
        over.push(`${path}: ${scrollWidth} > ${clientWidth}${dark ? ", dark" : ""}`);
      }
    };
    for (const path of pagesOf(personaId, postId)) {
      await page.goto(path);
      await measure(path);
    }
    await page.goto(`/personas/${personaId}`);
    for (const name of ["Edit", "Reject", "Set a time"]) {
      await page.locator(`#post-${postId}`).getByRole("button", { name }).click();
      await measure(`the persona's page with “${name}” open`);
    }
    await context.clearCookies();
    await page.goto("/login");
    await measure("/login");
    await context.close();
  }
  assert.deepEqual(over, []);
}
