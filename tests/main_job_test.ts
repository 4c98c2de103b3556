/**
 * The main job on real input: the program as a process, a persona file, a real Bluesky network, a real browser. From the set-up
 * link that the program prints to the post as the AppView shows it.
 */
import assert from "node:assert/strict";
import { type BlueskyNetwork, missing, startBlueskyNetwork } from "./bluesky_network/network.ts";
import { openBrowser, person, skipsBrowser } from "./browser.ts";
import { skips } from "./database.ts";
import { OWNER, type RunningProgram, startProgram, until } from "./program.ts";

const ACCOUNT = { handle: "lantern.test", password: "lantern-app-password-1", email: "lantern@example.com" };
const BRIEF = "what a lantern learns from the fog";
const AS_WAS = new URL("../../shared/characters/card-test_character_v2.png", import.meta.url).pathname;
const OWN = new URL("../actors/persona/files/fixtures/card-v2.json", import.meta.url).pathname;
/** The AppView reads the PDS's stream in its own time. */
const INDEXED_MS = 60_000;

Deno.test({
  name:
    "main job: a persona file becomes a persona, its approved post is on Bluesky once, and the page says so by itself",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    if (await skips("embedded") || await skipsBrowser() || await skipsBluesky()) return;
    await using ends = new AsyncDisposableStack();
    const network = await startBlueskyNetwork();
    ends.defer(() => network.stop());
    const { did } = await network.createAccount(ACCOUNT);
    const browser = await openBrowser();
    ends.defer(() => browser.close());
    const program = await startProgram({ env: { ALLOWED_ORIGINS: network.pdsUrl, PLC_URL: network.plcUrl } });
    ends.defer(() => program.dispose());
    const owner = await person(browser, { origin: program.url });
    const { page } = owner;

    // The owner
    await page.goto(await program.setUpLink());
    await page.getByLabel("Your name").fill(OWNER.name);
    await page.getByLabel("Password").fill(OWNER.password);
    await page.getByRole("button", { name: "Set up digi-persona" }).click();
    await page.getByRole("heading", { name: "Welcome. Who shall speak first?" }).waitFor();

    // A persona from a file: looked at first, then created, paused and without accounts
    await page.getByLabel("File").setInputFiles(await personaFile());
    await page.getByRole("button", { name: "Look inside" }).click();
    await page.getByText("Nothing is created yet.").waitFor();
    assert.deepEqual((await program.call("GET", "/api/v1/personas")).json.items, []);
    const name = await page.getByRole("heading", { level: 1 }).innerText();
    await page.getByRole("button", { name: `Create ${name}` }).click();
    await page.waitForURL(/\/personas\/[0-9a-f-]{36}$/);
    const personaId = page.url().split("/").at(-1) ?? "";
    const created = (await program.call("GET", `/api/v1/personas/${personaId}`)).json;
    assert.deepEqual([created.life, created.connections, created.name], ["paused", [], name]);

    await page.getByRole("button", { name: "Resume" }).click();
    await page.getByRole("button", { name: "Pause" }).waitFor();

    // Its account, said to be run by somebody and labelled as automated
    await page.getByRole("link", { name: "Connections" }).click();
    await page.getByLabel("Handle or DID").fill(ACCOUNT.handle);
    await page.getByLabel("App password").fill(ACCOUNT.password);
    await page.getByText("Another server").click();
    await page.getByLabel("Server").fill(network.pdsUrl);
    await page.getByRole("button", { name: "Check and connect" }).click();
    // The browser itself refuses to send the form before somebody is named.
    assert.equal(
      await page.getByLabel("Run by").evaluate((field) =>
        (field as unknown as { validity: { valueMissing: boolean } }).validity.valueMissing
      ),
      true,
    );
    await page.getByLabel("Run by").fill("Fern Street Observatory");
    await page.getByRole("button", { name: "Check and connect" }).click();
    await page.getByText("✓ works").waitFor();
    await page.getByText("The profile says that it is automated").waitFor();

    // A draft, asked for in the command bar, arrives live
    await page.getByRole("link", { name: "Now", exact: true }).click();
    await page.locator("#line[data-line=live]").waitFor();
    await page.evaluate(() => (globalThis as unknown as { neverReloaded: boolean }).neverReloaded = true);
    await page.locator("#line-input").fill(`/compose about ${BRIEF}, for Bluesky`);
    await page.locator("#understood").getByText(`about “${BRIEF}”`).waitFor();
    await page.locator("#line-input").press("Enter");
    const card = page.locator("[data-card]");
    const approve = card.getByRole("button", { name: /^Approve and publish now/ });
    await approve.waitFor();
    const postId = (await card.getAttribute("id") ?? "").replace("post-", "");
    const text = await card.locator(".said").innerText();
    assert.notEqual(text, "");
    assert.deepEqual(await feedOf(network, did), []);

    // Approved by the person; published; the page says so without being loaded again
    await approve.click();
    await card.getByRole("button", { name: "Undo" }).waitFor();
    await page.locator(".feed li b", { hasText: /^Published$/ }).waitFor();
    await card.waitFor({ state: "detached" });
    assert.equal(
      await page.evaluate(() => (globalThis as unknown as { neverReloaded?: boolean }).neverReloaded),
      true,
    );

    // On Bluesky, once
    await until("the post on the AppView", async () => (await feedOf(network, did)).length > 0, INDEXED_MS);
    const feed = await feedOf(network, did);
    assert.deepEqual(feed.map(({ post }) => post.record.text), [text]);
    const records = await xrpc(network.pdsUrl, "com.atproto.repo.listRecords", {
      repo: did,
      collection: "app.bsky.feed.post",
    });
    assert.equal(records.records.length, 1);
    const post = (await program.call("GET", `/api/v1/personas/${personaId}/posts`)).json.items[0];
    assert.deepEqual([post.id, post.status, post.text], [postId, "published", text]);
    assert.ok(
      post.url.endsWith(feed[0]?.post.uri.split("/").at(-1) ?? "?"),
      `${post.url} leads to ${feed[0]?.post.uri}`,
    );

    // The account says of itself that it is automated
    const profile = await xrpc(network.pdsUrl, "com.atproto.repo.getRecord", {
      repo: did,
      collection: "app.bsky.actor.profile",
      rkey: "self",
    });
    assert.deepEqual(profile.value.labels.values, [{ val: "bot" }]);

    // Why it said that
    await page.goto(`/posts/${postId}/why`);
    await page.getByRole("heading", { name: "Exactly this went out" }).waitFor();
    const asked = page.locator(".panel", { hasText: "What the model was asked" }).locator(".foreign");
    assert.ok((await asked.allInnerTexts()).join("\n").includes(BRIEF), "the prompt is shown");
    const answer = page.locator(".panel", { hasText: "What it answered" }).locator(".foreign");
    assert.ok((await answer.innerText()).includes(text.slice(0, 40)), "the answer is shown");
    await page.getByText(`by ${OWNER.name}`).first().waitFor();

    assert.deepEqual(owner.troubles, []);
    assert.deepEqual(owner.strayRequests, []);
    await owner.context.close();
    await endsCleanly(program);
  },
});

async function skipsBluesky(): Promise<boolean> {
  const lacking = await missing();
  if (lacking === null) return false;
  if (Deno.env.get("CI") === "true") throw new Error(lacking);
  console.log(`skipped, to run it: ${lacking}`);
  return true;
}

/** A file as people have them; where it is not at hand, one of our own. */
async function personaFile(): Promise<string> {
  try {
    await Deno.stat(AS_WAS);
    return AS_WAS;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return OWN;
    throw error;
  }
}

interface FeedPost {
  post: { uri: string; record: { text: string } };
}

async function feedOf({ appViewUrl }: BlueskyNetwork, did: string): Promise<FeedPost[]> {
  const answer = await fetch(`${appViewUrl}/xrpc/app.bsky.feed.getAuthorFeed?actor=${did}`);
  const body = await answer.json();
  // The AppView hears of a new account in its own time too.
  return answer.ok ? body.feed : [];
}

// deno-lint-ignore no-explicit-any
async function xrpc(origin: string, method: string, query: Record<string, string>): Promise<any> {
  const answer = await fetch(`${origin}/xrpc/${method}?${new URLSearchParams(query)}`);
  const body = await answer.json();
  if (!answer.ok) throw new Error(`${method}: ${JSON.stringify(body)}`);
  return body;
}

async function endsCleanly(program: RunningProgram): Promise<void> {
  assert.ok((await program.processes()).length > 1, "the database works for it");
  assert.deepEqual(await program.stop(), { code: 0, signal: null }, program.output());
  await until("the end of every process", async () => (await program.processes()).length === 0);
}
