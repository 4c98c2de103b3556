/** The inbox of doubts in a real browser: keys, the focus after a decision, and that live updates take nothing from under it. */
import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { openBrowser, person, skipsBrowser } from "./browser.ts";
import { type ConsoleSite, consoleSite } from "./console_site.ts";
import { freshDatabase, skips } from "./database.ts";
import { connect, heard, sent, waiting } from "./sample_publishing.ts";

interface Scene {
  site: ConsoleSite;
  page: Page;
  url: string;
  personaId: string;
  doubt(text: string): Promise<string>;
  status(postId: string): Promise<string | undefined>;
}

let browser: Browser | null = null;

function scene(name: string, act: (scene: Scene) => Promise<void>, phone = false): void {
  Deno.test({
    name,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      if (await skips("embedded")) return;
      if (await skipsBrowser()) return;
      browser ??= await openBrowser();
      const database = await freshDatabase();
      const site = await consoleSite(database);
      const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, site.app.fetch);
      const url = `http://127.0.0.1:${server.addr.port}`;
      const { context, page, troubles, strayRequests } = await person(browser, {
        origin: url,
        cookie: await site.logIn(),
        phone,
        dark: phone,
      });
      try {
        await page.clock.install();
        const personaId = await site.createPersona({ name: "Ada Fern", operatedBy: "City Arboretum" });
        await connect(site, personaId, "x", "adafern");
        await act({
          site,
          page,
          url,
          personaId,
          async doubt(text) {
            const postId = await waiting(site, personaId, "x", [text]);
            await sent(site, personaId, postId, { kind: "uncertain", reason: "No answer in 30 s." });
            return postId;
          },
          status: async (postId) => (await site.supervisor.state(personaId)).posts[postId]?.status,
        });
        assert.deepEqual(troubles.filter((trouble) => !/status of 4\d\d/.test(trouble)), []);
        assert.deepEqual(strayRequests, []);
      } finally {
        await context.close();
        await site.close();
        await server.shutdown();
        await database.drop();
      }
    },
  });
}

async function open({ page, url }: Scene): Promise<void> {
  await page.goto(`${url}/uncertain`);
  await page.locator("[data-line=live]").waitFor();
}

const focused = (page: Page): Promise<string> =>
  page.evaluate("document.activeElement.closest('[id]')?.id ?? ''");
async function focusOn(page: Page, id: string): Promise<void> {
  try {
    await page.locator(`#${id}:focus`).waitFor();
  } catch (error) {
    const there = await page.evaluate("document.activeElement.outerHTML.slice(0, 200)");
    const cards = await page.evaluate(
      '[...document.querySelectorAll("[data-card]")].map((one) => one.id).join()',
    );
    throw new Error(`the focus is on ${there}, of ${cards}, not on ${id}`, { cause: error });
  }
}
/** A card that got the focus less than a second ago takes no keys. */
const rest = (page: Page) => page.clock.fastForward(1_100);

scene(
  "a doubt is decided by keys, and the next one has the focus, at the end the empty list",
  async (scene) => {
    const { page } = scene;
    const [one, two, three] = [
      await scene.doubt("Bark."),
      await scene.doubt("Moss."),
      await scene.doubt("Roots."),
    ];
    await open(scene);
    await page.keyboard.press("j");
    assert.equal(await focused(page), `post-${one}`);
    await rest(page);
    await page.keyboard.press("n");
    await page.locator(`#did_not-${one}`).getByText("exactly as it stands here").waitFor();
    await page.keyboard.press("Escape");
    await rest(page);
    await page.keyboard.press("w");
    await page.locator(`#resolve-${one}-url`).fill("https://x.com/adafern/status/1");
    await page.keyboard.press("Enter");
    await focusOn(page, `post-${two}`);
    assert.equal(await scene.status(one), "published");
    await page.keyboard.press("j");
    assert.equal(await focused(page), `post-${three}`);
    await rest(page);
    await page.keyboard.press("n");
    await page.locator(`#did_not-${three}`).getByRole("button", { name: "send it again" }).click();
    await focusOn(page, `post-${two}`);
    assert.equal(await scene.status(three), "publishing");
    await rest(page);
    await page.keyboard.press("w");
    await page.locator(`#resolve-${two}-url`).press("Enter");
    await focusOn(page, "uncertain");
    await page.getByText("Nothing is in doubt").waitFor();
    await page.locator(".rail a.doubts").waitFor({ state: "visible" });
  },
);

scene(
  "what is typed stays while others decide and looks come in; the rest of the page follows",
  async (scene) => {
    const { page, site, personaId } = scene;
    const [one, two] = [await scene.doubt("Bark."), await scene.doubt("Moss.")];
    await open(scene);
    await page.locator(`#post-${one}`).getByRole("button", { name: "It went out" }).click();
    const field = page.locator(`#resolve-${one}-url`);
    await field.fill("https://x.com/adafern/sta");
    await site.supervisor.internal(personaId, {
      type: "reconciled",
      postId: one,
      attempt: 1,
      result: { kind: "unknown", reason: "The timeline could not be read." },
    });
    const three = await scene.doubt("Roots.");
    await page.locator(`#post-${three}`).waitFor();
    await site.give(personaId, { type: "resolve", postId: two, outcome: "went_out" });
    await page.locator(`#post-${two}`).waitFor({ state: "detached" });
    await page.locator("#rail-doubts", { hasText: "2" }).waitFor();
    assert.equal(await field.inputValue(), "https://x.com/adafern/sta");
    await site.give(personaId, { type: "resolve", postId: one, outcome: "went_out" });
    await page.locator(`#post-${one} .newer`).waitFor();
    assert.equal(await field.inputValue(), "https://x.com/adafern/sta");
    assert.equal(await page.evaluate("document.activeElement.id"), `resolve-${one}-url`);
    // It stays where it stands, so that what comes after it is still the next.
    const order = await page.locator("#uncertain [data-card]").evaluateAll((cards) =>
      cards.map((one) => (one as unknown as { id: string }).id)
    );
    assert.deepEqual(order, [`post-${one}`, `post-${three}`]);
  },
);

scene("a doubt beside a persona's activity has its story below its text, in full width", async (scene) => {
  const { page, url, personaId } = scene;
  const one = await scene.doubt("Bark.");
  await page.goto(`${url}/personas/${personaId}`);
  const story = await page.locator(`#post-${one} .steps`).boundingBox();
  const card = await page.locator(`#post-${one}`).boundingBox();
  assert.ok(story && card && story.width > card.width * 0.9, `${story?.width} of ${card?.width}`);
});

scene("a long post beside what was said about it is cut to one line, within the card", async (scene) => {
  const { page, url, site, personaId } = scene;
  const postId = await waiting(site, personaId, "x", ["Plane trees shed bark in plates. ".repeat(8).trim()]);
  await sent(site, personaId, postId, {
    kind: "sent",
    sent: [{ id: "77", url: "https://x.com/a/status/77" }],
  });
  const { connections } = await site.supervisor.state(personaId);
  const [x = ""] = Object.entries(connections).find(([, { platform }]) => platform === "x") ?? [];
  const said = await heard(site, personaId, x, { text: "Really?", kind: "reply", about: "77" });
  await page.goto(`${url}/inbox`);
  await page.locator(`#heard-${said} .ours`).waitFor();
  const over = await page.locator(`#heard-${said} .body`).evaluate((body) =>
    body.scrollWidth - body.clientWidth
  );
  const inner = await page.locator(`#heard-${said}`).evaluate((card) =>
    card.querySelector(".ours").getBoundingClientRect().right - card.getBoundingClientRect().right
  );
  assert.ok(over <= 0 && inner <= 0, `${over} ${inner}`);
});

scene(
  "on a phone the page of doubts is as wide as the screen, and its way stands in the bar only while needed",
  async (scene) => {
    const { page, url, site, personaId } = scene;
    await page.goto(url);
    await page.locator("[data-line=live]").waitFor();
    assert.equal(await page.locator(".rail a.doubts").isVisible(), false);
    const one = await scene.doubt(`https://example.org/${"averylongpath".repeat(14)}`);
    await page.locator(".rail a.doubts").click();
    await page.locator(`#post-${one}`).waitFor();
    assert.ok(Number(await page.evaluate("document.documentElement.scrollWidth - innerWidth")) <= 0);
    await page.locator(`#post-${one}`).getByRole("button", { name: "Look again now" }).click();
    await page.locator(`#post-${one}`).getByText("Ann had it looked for again").waitFor();
    await site.give(personaId, { type: "resolve", postId: one, outcome: "went_out" });
    await page.getByText("Nothing is in doubt").waitFor();
  },
  true,
);

Deno.test({
  name: "the browser is closed",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => await browser?.close(),
});
