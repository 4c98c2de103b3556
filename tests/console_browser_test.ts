/** The console in a real browser: what hands, keys and the live line do. */
import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { Buffer } from "node:buffer";
import { openBrowser, person, skipsBrowser } from "./browser.ts";
import { type ConsoleSite, consoleSite } from "./console_site.ts";
import { freshDatabase, skips } from "./database.ts";

interface Scene {
  site: ConsoleSite;
  page: Page;
  url: string;
  personaId: string;
  /** A post of the persona that waits for review. */
  draft(text: string): Promise<string>;
  status(postId: string): Promise<string | undefined>;
}

let browser: Browser | null = null;

function scene(name: string, act: (scene: Scene) => Promise<void>): void {
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
      });
      try {
        await page.clock.install();
        const personaId = await site.createPersona({
          name: "Ada Fern",
          zone: "Europe/Lisbon",
          bannedWords: ["miracle"],
        });
        await act({
          site,
          page,
          url,
          personaId,
          async draft(text) {
            const postId = crypto.randomUUID();
            await site.give(personaId, { type: "compose", platform: "sandbox", brief: "bark", postId });
            await site.supervisor.write(personaId, postId, text);
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

async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const live = (page: Page) => page.locator("[data-line=live]").waitFor();

scene(
  "an approval can be taken back for ten seconds, then goes out, and the page shows it by itself",
  async (scene) => {
    const { page, url, personaId, site } = scene;
    const postId = await scene.draft("Plane trees shed bark in plates.");
    await page.goto(`${url}/personas/${personaId}`);
    await live(page);
    const card = page.locator(`#post-${postId}`);
    const approve = card.getByRole("button", { name: "Approve and publish now" });
    await approve.click();
    await card.getByText("in 10 s").waitFor();
    await page.clock.fastForward(5_000);
    await card.getByRole("button", { name: "Undo" }).click();
    await page.clock.fastForward(20_000);
    assert.equal(await scene.status(postId), "pending_review");

    await approve.click();
    await page.clock.fastForward(11_000);
    await until(async () => await scene.status(postId) === "publishing", "the approval");
    await site.supervisor.attempt(personaId, postId);
    await page.locator(`#feed-${personaId} li.new`, { hasText: "Published" }).waitFor();
    await card.waitFor({ state: "detached" });
    const ids = await page.locator(".feed li[id]").evaluateAll((items) => items.map((item) => item.id));
    assert.equal(new Set(ids).size, ids.length, "an event stands twice");
  },
);

scene("what a person types stays, whatever happens to the post meanwhile", async (scene) => {
  const { page, url, personaId, site } = scene;
  const postId = await scene.draft("A tree planted too deep takes years to tell you.");
  await page.goto(`${url}/personas/${personaId}`);
  await live(page);
  const card = page.locator(`#post-${postId}`);
  await card.getByRole("button", { name: "Edit" }).click();
  const text = card.getByLabel("Text");
  await text.fill("A tree planted too deep takes fifteen years to tell you.");
  await card.locator("ins", { hasText: "fifteen" }).waitFor();
  await card.locator("[data-counter]", { hasText: "56 / 500" }).waitFor();

  const other = await scene.draft("Another one.");
  await page.locator(`#post-${other}`).waitFor();
  await site.give(personaId, { type: "reject", postId, reason: "Somebody else said no." });
  await card.getByText("has changed meanwhile").waitFor();
  assert.equal(await text.inputValue(), "A tree planted too deep takes fifteen years to tell you.");

  await card.getByRole("button", { name: "Save the text" }).click();
  await page.locator("#flash", { hasText: "cannot be changed" }).waitFor();
});

scene("an edit is saved with a key, a failed one keeps what was typed", async (scene) => {
  const { page, url } = scene;
  const postId = await scene.draft("The sticky rain under a linden is not sap.");
  await page.goto(`${url}/review`);
  await live(page);
  const card = page.locator(`#post-${postId}`);
  await card.focus();
  await page.keyboard.press("e");
  assert.equal(
    await card.getByLabel("Text").isVisible(),
    false,
    "acted on a card that had just got the focus",
  );
  await page.clock.fastForward(1_500);
  await page.keyboard.press("e");
  await card.getByLabel("Text").fill("   ");
  await page.keyboard.press("Control+Enter");
  await card.getByText("must not be empty").first().waitFor();
  await card.getByLabel("Text").fill("It is not sap: it is aphids.");
  await page.keyboard.press("Control+Enter");
  await card.locator(".said", { hasText: "it is aphids" }).waitFor();
  await until(async () => (await card.getByLabel("Text").isVisible()) === false, "the panel closes");
});

scene("single keys can be switched off", async (scene) => {
  const { page, url } = scene;
  const postId = await scene.draft("Roots look for air.");
  await page.goto(`${url}/settings`);
  await page.getByLabel("Single-key shortcuts").uncheck();
  await page.goto(`${url}/review`);
  await page.locator(`#post-${postId}`).focus();
  await page.clock.fastForward(1_500);
  await page.keyboard.press("r");
  assert.equal(await page.locator(`#post-${postId}`).getByLabel("Why not?").isVisible(), false);
});

scene(
  "the command bar shows what it understood, sends it, and the draft appears while it is written",
  async (scene) => {
    const { page, url, personaId, site } = scene;
    await page.goto(`${url}/personas/${personaId}`);
    await live(page);
    await page.locator("#line-input").fill("/compose about bark, for LinkedIn");
    await page.clock.fastForward(500);
    await page.locator("#understood", { hasText: "cannot be posted to yet" }).waitFor();
    await page.locator("#line-input").fill("/compose about bark, for the sandbox, in 2 hours");
    await page.clock.fastForward(500);
    await page.locator("#understood", { hasText: "once approved" }).waitFor();
    await page.keyboard.press("Enter");
    await page.locator(".card.working").waitFor();
    assert.equal(await page.locator("#line-input").inputValue(), "");
    const [post] = Object.values((await site.supervisor.state(personaId)).posts);
    assert(post);
    assert.notEqual(post.slot, null);
    await site.supervisor.internal(personaId, { type: "begin_writing", postId: post.id });
    site.supervisor.progress(personaId, post.id, "Bark is <i>dead</i>");
    await page.locator(`#writing-${post.id}`, { hasText: "Bark is <i>dead</i>" }).waitFor();
  },
);

scene(
  "stopping all posting shows on every page at once, and is lifted by a person",
  async ({ page, url }) => {
    await page.goto(`${url}/activity`);
    await page.getByRole("button", { name: "Stop all posting" }).click();
    await page.getByText("All posting is stopped.").waitFor();
    await page.getByRole("button", { name: "Let posts go out again" }).click();
    await page.getByRole("button", { name: "Stop all posting" }).waitFor();
  },
);

scene(
  "one persona is stopped with a reason by keyboard alone; its page says so at once, and lets it go on",
  async ({ page, url, personaId }) => {
    await page.goto(`${url}/personas/${personaId}`);
    await live(page);
    await page.getByRole("button", { name: "Stop posting" }).focus();
    await page.keyboard.press("Enter");
    await page.keyboard.type("not itself");
    await page.keyboard.press("Escape");
    const dialog = page.getByRole("button", { name: "Stop its posting" });
    await dialog.waitFor({ state: "hidden" });
    await page.keyboard.press("Enter");
    await dialog.waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByText("Nothing of this persona goes out.").waitFor();
    await page.getByText("by Ann since").waitFor();
    assert.match(await page.locator(`#stopped-${personaId}`).innerText(), /not itself/);
    await page.getByRole("button", { name: "Stop posting" }).waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "Let its posts go out" }).click();
    await page.getByRole("button", { name: "Stop posting" }).click();
    assert.equal(
      await page.getByRole("textbox", { name: "Why? (may be empty)" }).inputValue(),
      "",
      "the next reason is another one",
    );
  },
);

scene(
  "a post is held on its card with a reason, elsewhere it shows live, and it is let go",
  async (scene) => {
    const { page, url, personaId, site } = scene;
    const postId = await scene.draft("Tickets from 12 euro.");
    const contentHash = (await site.supervisor.state(personaId)).posts[postId]?.contentHash ?? "";
    await site.give(personaId, { type: "approve", postId, contentHash });
    await page.goto(`${url}/review`);
    await live(page);
    const card = page.locator(`#post-${postId}`);
    await card.getByRole("button", { name: "Hold this post" }).click();
    await card.getByLabel("Why?").last().fill("typo in the price");
    await page.keyboard.press("Control+Enter");
    await card.getByText("typo in the price").waitFor();
    assert.deepEqual(site.supervisor.stops().map(({ scope }) => scope), [{
      kind: "post",
      personaId,
      postId,
    }]);
    assert.equal(await card.getByRole("button", { name: "Hold this post" }).count(), 0);
    await card.getByRole("button", { name: "Let it go out" }).click();
    await card.getByRole("button", { name: "Hold this post" }).waitFor();
    // Somebody else holds it: this page, and the list in the settings, hear of it.
    await site.supervisor.stop({ kind: "post", personaId, postId }, "system", "held elsewhere");
    await card.getByText("held elsewhere").waitFor();
    await page.goto(`${url}/settings`);
    await live(page);
    await page.locator("#stops").getByText("held elsewhere").waitFor();
    await site.supervisor.lift({ kind: "post", personaId, postId }, "system");
    await page.locator("#stops").getByText("Nothing: what is approved goes out.").waitFor();
  },
);

scene("a template is brought to life in one press, a file in two", async ({ page, url }) => {
  await page.goto(`${url}/new`);
  await page.getByRole("button", { name: "Bring to life" }).first().click();
  await page.getByRole("heading", { name: "Ilse Marrow" }).waitFor();
  await page.locator(".card.working").waitFor();

  await page.goto(`${url}/new`);
  await page.setInputFiles("#u-file", {
    name: "nora.json",
    mimeType: "application/json",
    buffer: Buffer.from(JSON.stringify({
      spec: "chara_card_v2",
      spec_version: "2.0",
      data: {
        name: "Nora Quill",
        description: "A baker. <script>alert(1)</script>",
        personality: "warm",
        first_mes: "",
        mes_example: "",
        scenario: "",
        extensions: { key: "sk-abcdefghijklmnopqrstuvwxyz012345" },
      },
    })),
  });
  await page.getByRole("button", { name: "Look inside" }).click();
  await page.getByText("Nothing is created yet").waitFor();
  assert.doesNotMatch(await page.content(), /sk-abcdef/);
  await page.getByRole("button", { name: "Create Nora Quill" }).click();
  await page.getByText("‖ paused").waitFor();
});

scene("no page breaks the content security policy or is wider than a phone", async (scene) => {
  const { page, url, personaId } = scene;
  const postId = await scene.draft("Un·break·able: " + "https://example.com/" + "a".repeat(120));
  await page.setViewportSize({ width: 390, height: 844 });
  const paths = [
    "/",
    "/new",
    "/new/form?name=X&paragraph=Y",
    "/review",
    "/activity",
    "/activity?kind=review",
    "/sandbox",
    "/settings",
    "/find?q=bark",
    "/events/3",
  ];
  const own = ["", "/posts", "/inbox", "/memory", "/connections", "/identity"].map((tab) =>
    `/personas/${personaId}${tab}`
  );
  for (const path of [...paths, ...own, `/posts/${postId}`, `/posts/${postId}/why`]) {
    const answer = await page.goto(url + path);
    assert.equal(answer?.status(), 200, path);
    const [wide, seen] = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]") as [
      number,
      number,
    ];
    assert.ok(wide <= seen, `${path} is ${wide} wide`);
  }
});

Deno.test({
  name: "the browser is closed",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => await browser?.close(),
});
