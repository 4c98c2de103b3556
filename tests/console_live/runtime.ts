/** The Runtime page while things happen: what is open, has the focus or is typed stays, whatever is drawn anew. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { until } from "../program.ts";
import { isLive, isMarked, mark, type World } from "./world.ts";

export async function runtime(world: World): Promise<void> {
  const { page, context, troubles } = await world.visit();
  await page.goto("/runtime");
  await isLive(page);
  await mark(page);

  // Waking up: it was not there when the page was loaded.
  const personaId = await world.persona({ name: "Ines Duarte" });
  const row = page.locator(`#actor-${personaId}`);
  const inState = (state: string) => page.locator(`#actor-${personaId}[data-state=${state}]`).waitFor();
  await inState("running");
  await page.locator(`#cell-${await cellOf(world, personaId)}`).waitFor();

  // A crash: its cell is killed from outside.
  const fold = page.locator(`#crash-${personaId}`);
  await killCell(world, personaId);
  await fold.waitFor();
  await inState("running");
  await fold.locator("summary").click();
  await fold.getByText("Nobody knows where it was thrown.").waitFor();
  const isOpen = () => fold.evaluate((one) => (one as unknown as { open: boolean }).open);

  // By keyboard: the button that has the focus keeps it, while the row moves to the sleepers and back.
  await row.getByRole("button", { name: "Hibernate Ines Duarte" }).focus();
  await page.keyboard.press("Enter");
  await inState("asleep");
  assert.equal(await isOpen(), true, "open while it fell asleep");
  assert.equal(await focused(page), "Wake Ines Duarte");
  await page.keyboard.press("Enter");
  await inState("running");
  assert.deepEqual([await isOpen(), await focused(page)], [true, "Hibernate Ines Duarte"]);

  // A second crash is shown in the open fold. Meanwhile somebody types why it should be parked.
  const before = await fold.locator("p time").first().getAttribute("datetime");
  await row.getByRole("button", { name: "Park Ines Duarte" }).click();
  const why = page.getByLabel("Why?");
  await why.pressSequentially("It cannot be");
  await killCell(world, personaId);
  await until(
    "the second crash in the page",
    async () => await fold.locator("p time").first().getAttribute("datetime") !== before,
  );
  await inState("running");
  assert.equal(await isOpen(), true, "open after it crashed again");
  await why.pressSequentially(" left alone");
  assert.equal(await why.inputValue(), "It cannot be left alone");
  await page.keyboard.press("Enter");
  await inState("parked");
  await row.getByText(/Parked by Ada Lovelace, .*: It cannot be left alone/).waitFor();
  assert.equal(await page.locator("#park").isVisible(), false);

  // Its own page says so, live, and starts it again.
  const own = await context.newPage();
  await own.goto(`/personas/${personaId}`);
  await isLive(own);
  await own.getByText(/Ada Lovelace shut it down at .*: It cannot be left alone\./).waitFor();
  const refused = await world.program.call("POST", `/api/v1/personas/${personaId}/runtime`, {
    body: { what: "wake" },
  });
  assert.equal(refused.status, 409, refused.text);
  await own.getByRole("button", { name: "Start it again" }).click();
  await inState("running");
  await own.getByText("Start it again").waitFor({ state: "detached" });
  await own.locator(".chip.ok", { hasText: "running" }).waitFor();
  assert.equal(await isMarked(page), true);
  assert.deepEqual(troubles, []);
  await context.close();
}

async function cellOf({ program }: World, personaId: string): Promise<number> {
  return (await program.call("GET", `/api/v1/personas/${personaId}/runtime`)).json.cell;
}

/** SIGKILL to the process that the persona's actor is in. */
async function killCell(world: World, personaId: string): Promise<void> {
  const number = await cellOf(world, personaId);
  const { cells } = (await world.program.call("GET", "/api/v1/runtime")).json;
  const { pid } = cells.find((cell: { number: number }) => cell.number === number);
  Deno.kill(pid, "SIGKILL");
}

function focused(page: Page): Promise<string | null> {
  // deno-lint-ignore no-explicit-any
  return page.evaluate(() => (globalThis as any).document.activeElement.getAttribute("aria-label"));
}
