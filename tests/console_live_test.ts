/**
 * The console in real Chromium on the real program: what is live stays whole whatever the line does, what is typed stays typed,
 * keys do what they say, hostile texts do nothing. One program and one browser for all steps, a fresh context for each.
 */
import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { openBrowser, person, type PersonOptions, skipsBrowser, type Watched } from "./browser.ts";
import { skips } from "./database.ts";
import { type RunningProgram, startProgram, until } from "./program.ts";
import { startTcpProxy } from "./tcp_proxy.ts";

const IDENTITY = {
  name: "Mira Holt",
  background: "Keeps a lighthouse and a diary.",
  purpose: "Make people look at the sea.",
  interests: ["fog", "ships"],
  tone: ["dry", "warm"],
  zone: "Europe/Lisbon",
};

interface World {
  program: RunningProgram;
  browser: Browser;
  /** A person who is logged in, on the program itself unless told otherwise. */
  visit(options?: Partial<PersonOptions>): Promise<Watched>;
  persona(identity?: Record<string, unknown>): Promise<string>;
  /** A sandbox draft that waits for review. */
  draft(personaId: string, brief?: string): Promise<string>;
  // deno-lint-ignore no-explicit-any
  command(personaId: string, command: Record<string, unknown>, token?: string): Promise<any>;
  /** `count` further events of the persona. */
  events(personaId: string, count: number): Promise<void>;
  // deno-lint-ignore no-explicit-any
  post(postId: string): Promise<any>;
}

Deno.test({
  name: "console, live in a browser",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(test) {
    if (await skips("embedded") || await skipsBrowser()) return;
    await using ends = new AsyncDisposableStack();
    const browser = await openBrowser();
    ends.defer(() => browser.close());
    const program = await startProgram();
    ends.defer(() => program.dispose());
    await program.setUpOwner();
    const world = worldOf(program, browser);
    for (const [name, step] of Object.entries(STEPS)) await test.step(name, () => step(world));
  },
});

const STEPS: Record<string, (world: World) => Promise<void>> = {
  "a cut line: nothing missing, nothing double, nothing typed lost": cutLine,
  "a long cut: a stream that missed too much is drawn anew, each line once": longCut,
  "a hidden tab: catches up when it is looked at again": hiddenTab,
  "somebody else's approval: shows in the card, without loading the page": othersApproval,
  "log-out in another tab: closes the socket within a second, and the page says so": logOut,
  "keys: act on the focused card, never within a second of its focus, and can be switched off": keys,
  "approving: can be taken back until it is sent": takingBack,
  "a failed command: keeps what was typed and says why": failedCommand,
  "hostile texts: lie inert on every page": hostileTexts,
  "every page: without a script error, a refusal of the policy or a request elsewhere": everyPage,
  "every page on a phone, in the dark: nothing stands over the edge": phone,
  "a restart of the program: the page comes back by itself, and is right": restart,
};

function worldOf(program: RunningProgram, browser: Browser): World {
  const ok = async (method: string, path: string, body?: unknown, token?: string) => {
    const answer = await program.call(method, path, {
      body,
      ...(token === undefined ? {} : { as: { token } }),
    });
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.json;
  };
  const command: World["command"] = (personaId, command, token) =>
    ok("POST", `/api/v1/personas/${personaId}/commands`, command, token);
  const post: World["post"] = (postId) => ok("GET", `/api/v1/posts/${postId}`);
  return {
    program,
    browser,
    visit: async (options = {}) =>
      await person(browser, { origin: program.url, cookie: await program.logIn(), ...options }),
    async persona(identity = {}) {
      const { id } = await ok("POST", "/api/v1/personas", { ...IDENTITY, ...identity });
      await ok("POST", `/api/v1/personas/${id}/connections`, { platform: "sandbox" });
      return id;
    },
    async draft(personaId, brief = "the fog since four") {
      const postId = crypto.randomUUID();
      await command(personaId, { type: "compose", platform: "sandbox", brief, postId });
      await until("the draft", async () => (await post(postId)).status === "pending_review");
      return postId;
    },
    command,
    async events(personaId, count) {
      for (let index = 0; index < count; index++) {
        await ok("PATCH", `/api/v1/personas/${personaId}`, { purpose: `Purpose ${crypto.randomUUID()}.` });
      }
    },
    post,
  };
}

/** Positions of the persona's events, newest first, as the log has them. */
async function positionsOf({ program }: World, personaId: string): Promise<number[]> {
  const positions: number[] = [];
  for (let before: string | null = "", first = true; first || before !== null; first = false) {
    const { json } = await program.call(
      "GET",
      `/api/v1/personas/${personaId}/events?limit=200${before === "" ? "" : `&after=${before}`}`,
    );
    positions.push(...json.items.map((event: { position: number }) => event.position));
    before = json.next;
  }
  return positions.sort((a, b) => b - a);
}

/** Positions of the lines of the stream on the page, top to bottom. */
function shownIn(page: Page, personaId: string): Promise<number[]> {
  return page.locator(`#feed-${personaId} > li[id^=event-]`).evaluateAll((lines) =>
    lines.map((line) => Number((line as unknown as { id: string }).id.slice("event-".length)))
  );
}

async function isLive(page: Page): Promise<void> {
  await page.locator("#line[data-line=live]").waitFor();
}

/** Waits until the page has caught up with the log. */
async function caughtUp({ program }: World, page: Page): Promise<void> {
  await until("the page at the head of the log", async () => {
    const { json } = await program.call("GET", "/api/v1/events?limit=200&after=0");
    let head = json.items.at(-1)?.position ?? 0;
    for (let next = json.next; next !== null;) {
      const more = (await program.call("GET", `/api/v1/events?limit=200&after=${next}`)).json;
      head = more.items.at(-1)?.position ?? head;
      next = more.next;
    }
    const at = await page.locator("#line").getAttribute("data-at");
    return Number(at) === head && await page.locator("#line[data-line=live]").count() === 1;
  });
}

/** Marks the page: gone when it was loaded again. */
const mark = (page: Page) =>
  page.evaluate(() => void ((globalThis as unknown as { marked: boolean }).marked = true));
const isMarked = (page: Page) =>
  page.evaluate(() => (globalThis as unknown as { marked?: boolean }).marked === true);

async function cutLine(world: World): Promise<void> {
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

async function longCut(world: World): Promise<void> {
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

async function hiddenTab(world: World): Promise<void> {
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

async function othersApproval(world: World): Promise<void> {
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

async function logOut(world: World): Promise<void> {
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

async function keys(world: World): Promise<void> {
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
    assert.match(await panel(name).locator("textarea").inputValue(), /a/);
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

async function takingBack(world: World): Promise<void> {
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

async function failedCommand(world: World): Promise<void> {
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

async function hostileTexts(world: World): Promise<void> {
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
    if (request.url().includes("pwned")) wanted.push(request.url());
  });
  const check = async (where: string) => {
    assert.deepEqual([troubles, strayRequests, wanted], [[], [], []], where);
    const targets = await page.locator("a[href], form[action]").evaluateAll((links) =>
      links.map((link) =>
        (link as unknown as { href?: string; action?: string }).href ??
          (link as unknown as { action: string }).action
      )
    );
    assert.deepEqual(targets.filter((target) => !target.startsWith(`${world.program.url}/`)), [], where);
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

function pagesOf(personaId: string, postId: string): string[] {
  return [
    ...["/", "/activity", "/review", "/sandbox", "/settings", "/new", "/new/form", "/find?q=lamp"],
    ...["", "/posts", "/inbox", "/memory", "/connections", "/identity"].map((tab) =>
      `/personas/${personaId}${tab}`
    ),
    ...["", "/why"].map((tab) => `/posts/${postId}${tab}`),
    ...["/events/1", "/nowhere"],
  ];
}

async function everyPage(world: World): Promise<void> {
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

async function phone(world: World): Promise<void> {
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

async function restart(world: World): Promise<void> {
  const personaId = await world.persona();
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
  await page.locator("#line-input").fill("/compose about what outlives a restart");
  await world.program.stop();
  await page.locator("#line[data-line=lost]").waitFor();
  await world.program.start();
  const postId = await world.draft(personaId);
  await page.locator(`#post-${postId}`).waitFor();
  await caughtUp(world, page);
  assert.deepEqual(await shownIn(page, personaId), await positionsOf(world, personaId));
  assert.equal(await isMarked(page), true);
  assert.equal(closes[0], 1012);
  assert.equal(await page.locator("#line-input").inputValue(), "/compose about what outlives a restart");
  await context.close();
}
