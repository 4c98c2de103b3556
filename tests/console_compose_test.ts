/** Composing in a real browser: what hands and keys do. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { Browser, Page } from "playwright-core";
import { asPng, photo } from "../media/testing.ts";
import { openBrowser, person, skipsBrowser } from "./browser.ts";
import { type ConsoleSite, consoleSite } from "./console_site.ts";
import { freshDatabase, skips } from "./database.ts";
import { heard } from "./sample_publishing.ts";

interface Scene {
  site: ConsoleSite;
  page: Page;
  id: string;
  /** Of its Bluesky account. */
  bluesky: string;
  /** Of the persona, which has the sandbox, Bluesky and LinkedIn. */
  at: string;
  texts(): Promise<string[][]>;
}

let browser: Browser | null = null;

function scene(name: string, act: (scene: Scene) => Promise<void>, options: { phone?: boolean } = {}): void {
  Deno.test({
    name,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      if (await skips("embedded") || await skipsBrowser()) return;
      browser ??= await openBrowser();
      const database = await freshDatabase();
      const site = await consoleSite(database);
      const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, site.app.fetch);
      const url = `http://127.0.0.1:${server.addr.port}`;
      const { context, page, troubles, strayRequests } = await person(browser, {
        origin: url,
        cookie: await site.logIn(),
        ...options,
      });
      try {
        const id = await site.createPersona({ name: "Ada Fern", operatedBy: "City Arboretum" });
        const bluesky = crypto.randomUUID();
        for (
          const [platform, connectionId, accountId, handle] of [
            ["bluesky", bluesky, "did:plc:ada", "ada.example"],
            ["linkedin", crypto.randomUUID(), "urn:li:person:abc", "Ada Fern"],
          ] as const
        ) {
          const account = { connectionId, platform, accountId, handle };
          const connection = {
            ...account,
            service: "https://platform.example",
            disclosure: "profile_label" as const,
          };
          await site.give(id, { type: "link", connection });
        }
        await act({
          site,
          page,
          id,
          bluesky,
          at: `${url}/personas/${id}`,
          texts: async () =>
            Object.values((await site.supervisor.state(id)).posts)
              .map((post) => [post.platform, ...(post.content?.parts ?? []).map((part) => part.text)]),
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

const LONG = "Plane trees shed bark in plates when it gets hot. ".repeat(8).trim();
const place = (page: Page, label: string) => page.locator(`article.place[aria-label="${label}"]`);
const written = (page: Page) => page.getByLabel("Text", { exact: true });

scene(
  "a text is counted while it is typed, split for one account by keyboard, and sent as variants",
  async ({ page, at, texts }) => {
    await page.goto(at);
    await page.getByRole("link", { name: "New post" }).click();
    await page.getByRole("checkbox", { name: "Bluesky" }).check();
    await written(page).fill(LONG);
    await place(page, "Bluesky").getByText("399 / 300").waitFor();
    await place(page, "Bluesky").locator("mark.pv-over").first().waitFor();
    await place(page, "Sandbox").getByText("399 / 500").waitFor();
    await place(page, "Bluesky").getByRole("button", { name: "Split into a thread" }).focus();
    await page.keyboard.press("Enter");
    await place(page, "Bluesky").getByText("variant", { exact: true }).waitFor();
    const own = page.getByLabel("Only for Bluesky");
    assert.match(await own.inputValue(), /\n---\n/);
    assert.equal(await written(page).inputValue(), LONG, "the text for all has changed");

    const back = page.getByRole("checkbox", { name: "Another text for Bluesky" });
    await back.uncheck();
    await place(page, "Bluesky").getByText("399 / 300").waitFor();
    await back.check();
    assert.equal(await own.inputValue(), LONG, "the way back leads elsewhere");
    await own.fill("Short.");
    await own.press("Control+Enter");
    await page.waitForURL(at);
    assert.deepEqual(await texts(), [["sandbox", LONG], ["bluesky", "Short."]]);
    await page.locator("[data-card]").first().getByText("also for").waitFor();
  },
);

scene("Ctrl and Enter send the form from any of its fields", async ({ page, at, texts }) => {
  await page.goto(`${at}/compose`);
  await written(page).fill("Bark.");
  await page.getByRole("checkbox", { name: "Sandbox" }).focus();
  await page.keyboard.press("Control+Enter");
  await page.waitForURL(at);
  assert.deepEqual(await texts(), [["sandbox", "Bark."]]);
});

scene(
  "a picture without alt text is refused with the cursor on its field; what was typed stays, and after a reload too",
  async ({ page, at }) => {
    await page.goto(`${at}/compose`);
    await written(page).fill("Bark.");
    const file = (name: string, body: Uint8Array) => ({
      name,
      mimeType: "image/png",
      buffer: Buffer.from(body),
    });
    const picker = page.getByLabel("Add pictures");
    await picker.setInputFiles(file("broken.png", new Uint8Array(40)));
    await page.locator("[data-picture-trouble]", { hasText: "broken.png:" }).waitFor();
    await picker.setInputFiles(file("a.png", await asPng(photo(60, 40))));
    const alt = page.locator("[data-alt]");
    await alt.waitFor();
    await written(page).press("Control+Enter");
    await page.getByRole("alert").filter({ hasText: "has no alt text" }).waitFor();
    await page.locator("[data-alt]:focus").waitFor();
    assert.equal(await written(page).inputValue(), "Bark.");
    await page.keyboard.type("A plane tree.");
    await page.reload();
    assert.equal(await alt.inputValue(), "A plane tree.");
    assert.equal(await written(page).inputValue(), "Bark.");
    await place(page, "Sandbox").locator('.pv-pictures img[alt="A plane tree."]').waitFor();
    await alt.press("Control+Enter");
    await page.waitForURL(at);
    const card = page.locator("[data-card]");
    await card.locator(".described", { hasText: "A plane tree." }).waitFor();

    await card.getByRole("button", { name: "Edit" }).click();
    await card.getByLabel("Text", { exact: true }).fill("Bark.\n\n---\n\nAnd roots.");
    await card.locator("[data-counter]", { hasText: "part 2: 10 / 500" }).waitFor();
    await card.locator("[data-alt]").fill("");
    await card.getByLabel("Text", { exact: true }).press("Control+Enter");
    await card.locator("[data-alt]:focus").waitFor();
    assert.match(await card.getByLabel("Text", { exact: true }).inputValue(), /And roots/);
    await card.locator("[data-remove]").click();
    await page.keyboard.press("Escape");
    await card.getByRole("button", { name: "Edit" }).click();
    await card.getByLabel("Text", { exact: true }).press("Control+Enter");
    await card.getByText("2 of 2").waitFor();
    await card.locator(".described").waitFor({ state: "detached" });
  },
  { phone: true },
);

/** What a hand does with files of the desktop: moves them over a place, and lets them go there or moves on. */
async function drag(page: Page, over: string, files: [name: string, type: string, body: Uint8Array][]) {
  const data = await page.evaluateHandle(
    `(() => { const data = new DataTransfer(); for (const [name, type, body] of ${
      JSON.stringify(files.map(([name, type, body]) => [name, type, [...body]]))
    }) data.items.add(new File([new Uint8Array(body)], name, { type })); return data; })()`,
  );
  const act = (type: string) =>
    page.locator(over).evaluate(
      (element, { type, data }) => {
        // deno-lint-ignore no-explicit-any
        const global = globalThis as any;
        const dataTransfer = data;
        return element.dispatchEvent(
          new global.DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }),
        );
      },
      { type, data },
    );
  return { move: () => act("dragover"), drop: () => act("drop") };
}

scene(
  "pictures are dropped onto an editor: what is none is named, and beside the editor nothing is lost",
  async ({ page, at, texts }) => {
    await page.goto(`${at}/compose`);
    await written(page).fill("Bark.");
    const picture = await asPng(photo(60, 40));
    const files = await drag(page, "#compose [name=text]", [
      ["notes.txt", "text/plain", new Uint8Array(3)],
      ["bark.png", "image/png", picture],
    ]);
    assert.equal(await files.move(), false, "the browser would open the files");
    await page.locator(".pictures[data-drop]").waitFor();
    assert.equal(await files.drop(), false, "the browser would open the files");
    await page.locator(".pictures:not([data-drop])").waitFor();
    await page.locator("[data-alt]:focus").waitFor();
    await page.locator("[data-picture-trouble]", { hasText: "notes.txt: only JPEG, PNG" }).waitFor();
    await page.keyboard.type("Bark of a plane tree.");

    const beside = await drag(page, "h1", [["other.png", "image/png", picture]]);
    assert.equal(await beside.move(), false, "the browser would leave the page");
    assert.equal(await page.locator(".pictures[data-drop]").count(), 0);
    assert.equal(await beside.drop(), false, "the browser would leave the page");
    assert.equal(await page.locator("[data-alt]").count(), 1);

    const pasted = await page.locator("#compose [name=text]").evaluate((area, bytes) => {
      // deno-lint-ignore no-explicit-any
      const global = globalThis as any;
      const paste = (text: string | null) => {
        const clipboardData = new global.DataTransfer();
        clipboardData.items.add(new File([new Uint8Array(bytes)], "pasted.png", { type: "image/png" }));
        if (text !== null) clipboardData.setData("text/plain", text);
        return area.dispatchEvent(
          new global.ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }),
        );
      };
      return { textWithPicture: paste("words of a table"), picture: paste(null) };
    }, [...picture]);
    assert.deepEqual(pasted, { textWithPicture: true, picture: false });
    await page.locator("[data-alt]").nth(1).waitFor();
    await page.locator("[data-alt]").nth(1).fill("Once more.");
    await written(page).press("Control+Enter");
    await page.waitForURL(at);
    assert.deepEqual(await texts(), [["sandbox", "Bark."]]);
    await page.locator(".described img").nth(1).waitFor();
  },
);

scene(
  "an answer goes on from the inbox to where posts are composed by one key, with what was typed, and back when it is kept",
  async ({ site, page, id, bluesky, at, texts }) => {
    const one = await heard(site, id, bluesky, { text: "Is a bare tree ill?", by: "jo.example" });
    const { origin } = new URL(at);
    await page.clock.install();
    await page.goto(`${origin}/inbox`);
    const card = page.locator(`#heard-${one}`);
    await card.getByRole("button", { name: "Write it yourself" }).click();
    await card.getByLabel("Your answer").fill("No. It is working.");
    await page.keyboard.press("Escape");
    await page.clock.fastForward(1_500);
    await page.keyboard.press("c");
    await page.waitForURL(`${at}/compose?answers=${one}`);
    await page.getByText("Is a bare tree ill?").waitFor();
    const answer = page.getByLabel("Your answer");
    assert.equal(await answer.inputValue(), "No. It is working.");
    await place(page, "Bluesky").getByText("18 / 300").waitFor();
    await place(page, "Bluesky").locator(".pv-by", { hasText: "@ada.example" }).waitFor();
    const [wide = 0, seen = 0] = await page.evaluate<number[]>(
      "[document.documentElement.scrollWidth, innerWidth]",
    );
    assert.ok(wide <= seen, `it can be pushed sideways: ${wide} of ${seen}`);
    await answer.press("End");
    await answer.pressSequentially("\n\n---\n\nLook up.");
    await place(page, "Bluesky").getByText("part 2:").waitFor();
    await answer.press("Control+Enter");
    await page.waitForURL(`${origin}/inbox#heard-${one}`);
    await card.getByText("its answer").waitFor();
    assert.deepEqual(await texts(), [["bluesky", "No. It is working.", "Look up."]]);
  },
  { phone: true },
);

scene("a page for composing fits a phone", async ({ page, at }) => {
  await page.goto(`${at}/compose`);
  for (const label of ["Bluesky", "LinkedIn"]) await page.getByRole("checkbox", { name: label }).check();
  await written(page).fill(`https://example.com/${"a".repeat(200)} ${LONG}`);
  await place(page, "LinkedIn").getByText("/ 3000").waitFor();
  const [wide = 0, seen = 0] = await page.evaluate<number[]>(
    "[document.documentElement.scrollWidth, innerWidth]",
  );
  assert.ok(wide <= seen, `it can be pushed sideways: ${wide} of ${seen}`);
}, { phone: true });

Deno.test({
  name: "the browser of these tests ends",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => await browser?.close(),
});
