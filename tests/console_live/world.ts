/** What the steps of the console's test share: a program, a browser, what is done by API, and looks at a page. */
import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { person, type PersonOptions, type Watched } from "../browser.ts";
import { type RunningProgram, until } from "../program.ts";

const IDENTITY = {
  name: "Mira Holt",
  background: "Keeps a lighthouse and a diary.",
  purpose: "Make people look at the sea.",
  interests: ["fog", "ships"],
  tone: ["dry", "warm"],
  zone: "Europe/Lisbon",
};

export interface World {
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

export function worldOf(program: RunningProgram, browser: Browser): World {
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
export async function positionsOf({ program }: World, personaId: string): Promise<number[]> {
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
export function shownIn(page: Page, personaId: string): Promise<number[]> {
  return page.locator(`#feed-${personaId} > li[id^=event-]`).evaluateAll((lines) =>
    lines.map((line) => Number((line as unknown as { id: string }).id.slice("event-".length)))
  );
}

export async function isLive(page: Page): Promise<void> {
  await page.locator("#line[data-line=live]").waitFor();
}

/** Waits until the page has caught up with the log. */
export async function caughtUp({ program }: World, page: Page): Promise<void> {
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
export const mark = (page: Page) =>
  page.evaluate(() => void ((globalThis as unknown as { marked: boolean }).marked = true));
export const isMarked = (page: Page) =>
  page.evaluate(() => (globalThis as unknown as { marked?: boolean }).marked === true);

/** Every page there is, and one that there is not. */
export function pagesOf(personaId: string, postId: string): string[] {
  return [
    ...[
      "/",
      "/activity",
      "/review",
      "/sandbox",
      "/runtime",
      "/settings",
      "/new",
      "/new/form",
      "/find?q=lamp",
    ],
    ...["", "/posts", "/inbox", "/memory", "/connections", "/identity", "/compose"].map((tab) =>
      `/personas/${personaId}${tab}`
    ),
    ...["", "/why"].map((tab) => `/posts/${postId}${tab}`),
    ...["/events/1", "/nowhere"],
  ];
}
