/** What a person does with a card and the command line, and what happens when it fails. */
import assert from "node:assert/strict";
import { until } from "../program.ts";
import { isLive, type World } from "./world.ts";

export async function keys(world: World): Promise<void> {
  const personaId = await world.persona();
  const postId = await world.draft(personaId);
  const { page, context, troubles } = await world.visit();
  await page.clock.install();
  await page.goto(`/personas/${personaId}`);
  await isLive(page);
  const card = page.locator(`#post-${postId}`);
  const panel = (name: string) => page.locator(`#${name}-${postId}`);
  const rest = () => page.clock.runFor(1_100);

  await page.clock.pauseAt(new Date(Date.now() + 60_000));
  await page.keyboard.press("Control+k");
  assert.equal(
    await page.evaluate(() =>
      (globalThis as unknown as { document: { activeElement: { name: string } } }).document.activeElement.name
    ),
    "q",
  );
  await card.focus();
  await page.keyboard.press("e");
  await page.keyboard.press("a");
  assert.equal(await panel("edit").isVisible(), false, "nothing happens within a second of the focus");
  assert.equal(await card.getByRole("button", { name: "Undo" }).count(), 0);
  await rest();
  for (const [key, name] of [["e", "edit"], ["r", "reject"], ["g", "rewrite"]] as const) {
    await page.keyboard.press(key);
    assert.equal(await panel(name).isVisible(), true, key);
    // Typed into the field, a letter is a letter.
    await page.keyboard.press("a");
    assert.match(await panel(name).locator("textarea:visible").inputValue(), /a/);
    await page.keyboard.press("Escape");
    assert.equal(await panel(name).isVisible(), false, `${key}, then Escape`);
    await rest();
  }
  await page.keyboard.press("a");
  await card.getByRole("button", { name: "Undo" }).waitFor();
  assert.equal((await world.post(postId)).status, "pending_review", "until it is sent nothing was approved");
  await page.clock.runFor(10_500);
  await until("the post", async () => (await world.post(postId)).status === "published");
  await page.clock.resume();

  const next = await world.draft(personaId, "switched off");
  await page.goto("/settings");
  await page.getByLabel("Single-key shortcuts, in this browser").uncheck();
  await page.goto(`/personas/${personaId}`);
  await isLive(page);
  await page.locator(`#post-${next}`).focus();
  await page.clock.fastForward(1_500);
  await page.keyboard.press("e");
  await page.keyboard.press("a");
  assert.equal(await page.locator(`#edit-${next}`).isVisible(), false);
  assert.equal(await page.locator(`#post-${next}`).getByRole("button", { name: "Undo" }).count(), 0);
  assert.deepEqual(troubles, []);
  await context.close();
}

export async function takingBack(world: World): Promise<void> {
  const personaId = await world.persona();
  const postId = await world.draft(personaId);
  const { page, context, troubles } = await world.visit();
  await page.clock.install();
  await page.goto(`/personas/${personaId}`);
  await isLive(page);
  const card = page.locator(`#post-${postId}`);
  const approve = card.getByRole("button", { name: /^Approve and publish now/ });
  await approve.click();
  // The list is drawn anew while it waits: the card stays as it is.
  const other = await world.draft(personaId, "another lamp");
  await page.locator(`#post-${other}`).waitFor();
  await card.getByRole("button", { name: "Undo" }).click();
  await page.clock.runFor(11_000);
  assert.equal((await world.post(postId)).status, "pending_review");
  await approve.waitFor();
  // Whoever leaves the page meant it.
  await approve.click();
  await card.getByRole("button", { name: "Undo" }).waitFor();
  await page.goto("/settings");
  await until("the post", async () => (await world.post(postId)).status === "published");
  assert.deepEqual(troubles, []);
  await context.close();
}

export async function failedCommand(world: World): Promise<void> {
  const personaId = await world.persona();
  const postId = await world.draft(personaId);
  const { page, context } = await world.visit();
  await page.goto(`/personas/${personaId}`);
  await isLive(page);
  const flash = page.locator("#flash [role=alert]");

  const line = page.locator("#line-input");
  await line.fill("/compose about tides, for LinkedIn");
  await page.locator("#understood").getByText("cannot be posted to yet").waitFor();
  await line.press("Enter");
  await flash.getByText("cannot be posted to yet").waitFor();
  assert.equal(await line.inputValue(), "/compose about tides, for LinkedIn");

  const card = page.locator(`#post-${postId}`);
  await card.getByRole("button", { name: "Edit" }).click();
  const area = card.getByLabel("Text");
  await area.fill("   ");
  await card.getByRole("button", { name: "Save the text" }).click();
  await flash.waitFor();
  assert.equal(await area.inputValue(), "   ");
  await area.fill("Fog, and then not.");
  await card.getByRole("button", { name: "Cancel" }).click();

  await card.getByRole("button", { name: "Set a time" }).click();
  await card.getByLabel("Goes out at").fill("2001-01-01T10:00");
  await card.getByLabel("Time zone").fill("Europe/Paris");
  await card.getByRole("button", { name: "Set the time" }).click();
  await card.locator("[data-panel=schedule] .error, .notice.bad").first().waitFor();
  assert.equal(await card.getByLabel("Goes out at").inputValue(), "2001-01-01T10:00");
  assert.equal(await card.getByLabel("Time zone").inputValue(), "Europe/Paris");
  await context.close();
}
