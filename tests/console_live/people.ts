/** What other people and programs do shows on a page that is open, and only what belongs there. */
import assert from "node:assert/strict";
import { caughtUp, isLive, isMarked, mark, type World } from "./world.ts";

export async function filteredStream(world: World): Promise<void> {
  const [own, other] = [await world.persona(), await world.persona({ name: "Somebody Else" })];
  const { page, context, troubles } = await world.visit();
  await page.goto(`/activity?persona=${own}&kind=review`);
  await isLive(page);
  await world.events(own, 2);
  await world.draft(other);
  await world.draft(own);
  await page.locator(`#feed-${own} li[data-kind=review]`).waitFor();
  await caughtUp(world, page);
  const kinds = await page.locator(`#feed-${own} > li`).evaluateAll((lines) =>
    lines.map((line) => (line as unknown as { dataset: { kind?: string } }).dataset.kind)
  );
  assert.deepEqual(kinds, ["review"]);
  assert.deepEqual(troubles, []);
  await context.close();
}

export async function stopEverywhere(world: World): Promise<void> {
  const personaId = await world.persona();
  const [one, other] = [await world.visit(), await world.visit()];
  await one.page.goto("/");
  await other.page.goto(`/personas/${personaId}`);
  await isLive(one.page);
  await isLive(other.page);
  await mark(other.page);
  await one.page.getByRole("button", { name: "Stop all posting" }).click();
  const banner = other.page.getByText("All posting is stopped.");
  await banner.waitFor();
  assert.equal(await other.page.getByRole("button", { name: "Stop all posting" }).count(), 0);
  await one.page.getByRole("button", { name: "Let posts go out again" }).click();
  await banner.waitFor({ state: "detached" });
  await other.page.getByRole("button", { name: "Stop all posting" }).waitFor();
  assert.equal(await isMarked(other.page), true);
  await one.page.getByRole("button", { name: "Stop all posting" }).waitFor();
  await isLive(one.page);
  assert.deepEqual([...one.troubles, ...other.troubles], []);
  await one.context.close();
  await other.context.close();
}

export async function firstSteps(world: World): Promise<void> {
  const { page, context, troubles } = await world.visit();
  await page.goto("/new");
  await page.getByRole("button", { name: /^Bring to life/ }).first().click();
  await page.waitForURL(/\/personas\/[0-9a-f-]{36}$/);
  await page.getByRole("button", { name: /^Approve and publish now/ }).waitFor();
  assert.deepEqual(troubles, []);
  await context.close();
}

export async function othersApproval(world: World): Promise<void> {
  const personaId = await world.persona();
  const postId = await world.draft(personaId);
  const made = await world.program.call("POST", "/api/v1/tokens", {
    body: { name: "nightly robot", scopes: ["read", "approve"] },
  });
  const { page, context, troubles } = await world.visit();
  await page.goto("/review");
  await isLive(page);
  await mark(page);
  const card = page.locator(`#post-${postId}`);
  await card.getByRole("button", { name: /^Approve and publish now/ }).waitFor();
  const { contentHash } = await world.post(postId);
  await world.command(personaId, { type: "approve", postId, contentHash }, made.json.token);
  await card.getByRole("button", { name: "Publish now" }).waitFor();
  assert.match(await card.getByText(/approved by/).innerText(), /\(token\)/);
  assert.equal(await card.getByRole("button", { name: /^Approve/ }).count(), 0);
  assert.equal(await isMarked(page), true);
  assert.deepEqual(troubles, []);
  await context.close();
}

export async function logOut(world: World): Promise<void> {
  const { page, context, troubles } = await world.visit();
  await page.goto("/activity");
  await isLive(page);
  const other = await context.newPage();
  await other.goto("/");
  await isLive(other);
  const answered = other.waitForResponse((response) => response.url().endsWith("/logout"));
  await other.getByRole("button", { name: "Log out" }).click();
  await answered;
  await page.locator("#line[data-line=stopped]").waitFor({ timeout: 1_000 });
  assert.match(await page.locator("#line").innerText(), /log in again/);
  await other.getByRole("heading", { name: "Log in" }).waitFor();
  assert.deepEqual(troubles, []);
  await context.close();
}
