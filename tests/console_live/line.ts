/** What the line between a page and the program may suffer: nothing goes missing, nothing comes twice, what is typed stays. */
import assert from "node:assert/strict";
import { startTcpProxy } from "../tcp_proxy.ts";
import { caughtUp, isLive, isMarked, mark, positionsOf, shownIn, type World } from "./world.ts";

export async function cutLine(world: World): Promise<void> {
  const proxy = startTcpProxy(world.program.url);
  try {
    const personaId = await world.persona();
    const postId = await world.draft(personaId);
    const { page, context } = await world.visit({ origin: proxy.url });
    const addresses: string[] = [];
    page.on("websocket", (socket) => addresses.push(socket.url()));
    await page.goto(`/personas/${personaId}`);
    await isLive(page);
    await mark(page);

    const card = page.locator(`#post-${postId}`);
    await card.getByRole("button", { name: "Edit" }).click();
    const area = card.getByLabel("Text");
    await area.fill("Half a thought about the");
    await page.locator("#line-input").fill("/compose about half a");
    await area.focus();
    const typed = async () => {
      assert.equal(await area.inputValue(), "Half a thought about the");
      assert.equal(await page.locator("#line-input").inputValue(), "/compose about half a");
      assert.equal(
        await area.evaluate((field) =>
          field === (globalThis as unknown as { document: { activeElement: unknown } }).document.activeElement
        ),
        true,
      );
    };

    // Live updates while somebody types: of the stream, of the persona's head, of the list that the card stands in.
    await world.events(personaId, 3);
    const second = await world.draft(personaId, "ships that do not stop");
    await page.locator(`#post-${second}`).waitFor();
    await caughtUp(world, page);
    assert.deepEqual(await shownIn(page, personaId), await positionsOf(world, personaId));
    await typed();

    const before = await page.locator("#line").getAttribute("data-at");
    proxy.cut();
    await page.locator("#line[data-line=lost]").waitFor();
    await world.events(personaId, 5);
    const third = await world.draft(personaId, "a lamp");
    await world.command(personaId, { type: "revise", postId, text: "Written by somebody else meanwhile." });
    await world.command(personaId, { type: "reject", postId: second, reason: "Too long." });
    proxy.mend();
    await page.locator(`#post-${third}`).waitFor();
    await caughtUp(world, page);
    assert.deepEqual(await shownIn(page, personaId), await positionsOf(world, personaId));
    assert.equal(await page.locator(`#post-${second}`).count(), 0, "what was rejected meanwhile is gone");
    await typed();
    await card.getByText("This post has changed meanwhile").waitFor();
    assert.equal(
      new URL(addresses.at(-1) ?? "").searchParams.get("after"),
      before,
      "it came back where it had left",
    );
    assert.equal(await isMarked(page), true);

    // And again, several times in a row.
    for (let round = 0; round < 3; round++) {
      proxy.cut();
      await page.locator("#line[data-line=lost]").waitFor();
      await world.events(personaId, 2);
      proxy.mend();
      await world.events(personaId, 2);
      await caughtUp(world, page);
      assert.deepEqual(await shownIn(page, personaId), await positionsOf(world, personaId));
    }
    await typed();
    await context.close();
  } finally {
    proxy.stop();
  }
}

export async function longCut(world: World): Promise<void> {
  const proxy = startTcpProxy(world.program.url);
  try {
    const personaId = await world.persona();
    const { page, context } = await world.visit({ origin: proxy.url });
    await page.goto(`/personas/${personaId}`);
    await isLive(page);
    proxy.cut();
    await page.locator("#line[data-line=lost]").waitFor();
    await world.events(personaId, 205);
    proxy.mend();
    await caughtUp(world, page);
    const shown = await shownIn(page, personaId);
    assert.ok(shown.length >= 50, `${shown.length} lines`);
    assert.deepEqual(shown, (await positionsOf(world, personaId)).slice(0, shown.length));
    await context.close();
  } finally {
    proxy.stop();
  }
}

export async function hiddenTab(world: World): Promise<void> {
  const personaId = await world.persona();
  const { page, context, troubles } = await world.visit();
  await page.goto(`/personas/${personaId}`);
  await isLive(page);
  const socket = page.waitForEvent("websocket", { predicate: () => true });
  const show = (hidden: boolean) =>
    page.evaluate((hidden) => {
      // deno-lint-ignore no-explicit-any
      const { document, Event } = globalThis as any;
      Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
      Object.defineProperty(document, "visibilityState", {
        configurable: true,
        get: () => hidden ? "hidden" : "visible",
      });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
  await show(true);
  await world.events(personaId, 4);
  const postId = await world.draft(personaId);
  await show(false);
  await socket;
  await page.locator(`#post-${postId}`).waitFor();
  await caughtUp(world, page);
  assert.deepEqual(await shownIn(page, personaId), await positionsOf(world, personaId));
  assert.deepEqual(troubles, []);
  await context.close();
}

export async function commandOnCutLine(world: World): Promise<void> {
  const proxy = startTcpProxy(world.program.url);
  try {
    const personaId = await world.persona();
    const postId = await world.draft(personaId);
    const { page, context } = await world.visit({ origin: proxy.url });
    await page.goto(`/personas/${personaId}`);
    await isLive(page);
    const card = page.locator(`#post-${postId}`);
    await card.getByRole("button", { name: "Edit" }).click();
    const area = card.getByLabel("Text");
    await area.fill("Said into the void, at first.");
    await page.locator("#line-input").fill("/compose about the void");
    proxy.cut();
    await page.locator("#line[data-line=lost]").waitFor();
    await card.getByRole("button", { name: "Save the text" }).click();
    const flash = page.locator("#flash [role=alert]");
    await flash.getByText("did not answer").waitFor();
    assert.equal(await area.inputValue(), "Said into the void, at first.");
    await page.locator("#line-input").press("Enter");
    await flash.getByText("did not answer").waitFor();
    assert.equal(await page.locator("#line-input").inputValue(), "/compose about the void");
    proxy.mend();
    await isLive(page);
    assert.equal(await area.inputValue(), "Said into the void, at first.");
    await card.getByRole("button", { name: "Save the text" }).click();
    await card.locator(".said", { hasText: "Said into the void, at first." }).waitFor();
    assert.equal((await world.post(postId)).text, "Said into the void, at first.");
    await page.locator("#line-input").press("Enter");
    await page.locator("[data-card]").nth(1).waitFor();
    assert.equal(await page.locator("#line-input").inputValue(), "");
    await context.close();
  } finally {
    proxy.stop();
  }
}

export async function restart(world: World): Promise<void> {
  const closes = await comesBack(world, async ({ program }) => void await program.stop());
  assert.equal(closes[0], 1012);
}

export async function killed(world: World): Promise<void> {
  await comesBack(world, ({ program }) => program.kill());
}

/** Ends the program and starts it again, under a page with a half-typed command and edit; the codes with which its socket closed. */
async function comesBack(world: World, end: (world: World) => Promise<void>): Promise<number[]> {
  const personaId = await world.persona();
  const edited = await world.draft(personaId, "tides");
  const { page, context } = await world.visit();
  const closes: number[] = [];
  await page.exposeFunction("sawClose", (code: number) => void closes.push(code));
  await page.goto(`/personas/${personaId}`);
  await isLive(page);
  await mark(page);
  await page.evaluate(() => {
    // deno-lint-ignore no-explicit-any
    const global = globalThis as any;
    global.document.addEventListener(
      "htmx:ws:close",
      (event: { detail: { code: number } }) => global.sawClose(event.detail.code),
    );
  });
  const area = page.locator(`#post-${edited}`).getByLabel("Text");
  await page.locator(`#post-${edited}`).getByRole("button", { name: "Edit" }).click();
  await area.fill("What outlives");
  await page.locator("#line-input").fill("/compose about what outlives a restart");
  await end(world);
  await page.locator("#line[data-line=lost]").waitFor();
  await world.program.start();
  const postId = await world.draft(personaId);
  await page.locator(`#post-${postId}`).waitFor();
  await caughtUp(world, page);
  assert.deepEqual(await shownIn(page, personaId), await positionsOf(world, personaId));
  assert.equal(await isMarked(page), true);
  assert.equal(await page.locator("#line-input").inputValue(), "/compose about what outlives a restart");
  assert.equal(await area.inputValue(), "What outlives");
  await context.close();
  return closes;
}
