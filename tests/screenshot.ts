/**
 * `deno task screenshot`: makes `docs/screenshot.png` as a person would: the real program, real Chromium, one of the fictional
 * templates on the sandbox. Needs Debian's package chromium.
 */
import { openBrowser, person } from "./browser.ts";
import { startProgram } from "./program.ts";

const FILE = new URL("../docs/screenshot.png", import.meta.url).pathname;
const MAX_BYTES = 400_000;
const BRIEFS = ["what a plane tree does with the dust of a street", "the moss between two paving stones"];

await using ends = new AsyncDisposableStack();
const program = await startProgram();
ends.defer(() => program.dispose());
const browser = await openBrowser();
ends.defer(() => browser.close());
const cookie = await program.setUpOwner();
const { page, troubles } = await person(browser, { origin: program.url, cookie });

await page.goto("/");
const template = page.locator("article.template").nth(1);
await template.getByRole("button", { name: "Bring to life and write the first draft" }).click();
await page.waitForURL(/\/personas\/[0-9a-f-]{36}/);
const card = page.locator("[data-card]");
await card.getByRole("button", { name: "Approve and publish now" }).click();
await page.locator(".feed li b", { hasText: /^Published$/ }).waitFor();
await card.waitFor({ state: "detached" });
for (const [index, brief] of BRIEFS.entries()) {
  await page.locator("#line-input").fill(`/compose about ${brief}`);
  await page.locator("#understood").getByText(brief).waitFor();
  await page.locator("#line-input").press("Enter");
  await card.nth(index).getByRole("button", { name: "Approve and publish now" }).waitFor();
}
await page.locator("#line-input").blur();
for (const close of await page.locator("[data-close-flash]").all()) await close.click();
await page.mouse.wheel(0, -10_000);
await page.screenshot({ path: FILE, animations: "disabled" });
const { size } = await Deno.stat(FILE);
if (troubles.length > 0) throw new Error(`the page had troubles: ${troubles.join("; ")}`);
if (size > MAX_BYTES) throw new Error(`${FILE} has ${size} bytes, more than ${MAX_BYTES}`);
console.log(`${FILE}: ${Math.round(size / 1_000)} kB`);
