/** Test equipment: real Chromium. One a test file, a context of its own for each person. */
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

const CHROMIUM = "/usr/bin/chromium";
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // A page that is not looked at runs as fast as one that is.
  "--disable-background-timer-throttling",
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
  "--disable-breakpad",
  "--disable-dev-shm-usage",
  "--disable-extensions",
  "--disable-component-extensions-with-background-pages",
  "--disable-features=OptimizationHints,Translate,MediaRouter,OnDeviceModelService",
  "--mute-audio",
  "--hide-scrollbars",
  "--password-store=basic",
];
/** Playwright's own waits; generous, as machines that test have other things to do. */
const PATIENCE_MS = 20_000;

/** True, said in one line, when Chromium is not installed. Throws instead when CI=true. */
export async function skipsBrowser(): Promise<boolean> {
  try {
    await Deno.stat(CHROMIUM);
    return false;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    const missing = "install Debian's package chromium";
    if (Deno.env.get("CI") === "true") throw new Error(`cannot test in a browser: ${missing}`);
    console.log(`skipped, to run it: ${missing}`);
    return true;
  }
}

/** Chromium as a process of ours behind a WebSocket: closing it ends the process for certain, and removes its profile. */
export async function openBrowser(): Promise<Browser> {
  const profile = await Deno.makeTempDir({ prefix: "digi-persona-chromium-" });
  const child = new Deno.Command(CHROMIUM, {
    args: [...FLAGS, "--remote-debugging-port=0", `--user-data-dir=${profile}`, "about:blank"],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const address = Promise.withResolvers<string>();
  const drained = listen(child.stderr, address.resolve).then(() =>
    address.reject(new Error("Chromium ended before it listened"))
  );
  const browser = await chromium.connectOverCDP(await address.promise);
  const disconnect = browser.close.bind(browser);
  browser.close = async () => {
    await disconnect();
    child.kill("SIGKILL");
    await child.status;
    await drained;
    await Deno.remove(profile, { recursive: true });
  };
  return browser;
}

/** Reads to the end, and tells the address of the DevTools when it comes by. */
async function listen(stderr: ReadableStream<Uint8Array>, found: (address: string) => void): Promise<void> {
  let text = "";
  for await (const chunk of stderr.pipeThrough(new TextDecoderStream())) {
    text = (text + chunk).slice(-4_000);
    const address = /DevTools listening on (ws:\S+)/.exec(text)?.[1];
    if (address !== undefined) found(address);
  }
}

export interface Watched {
  context: BrowserContext;
  page: Page;
  /** What no page may bring about: script errors, console errors, refusals of the content security policy, dialogs. */
  troubles: string[];
  /** Addresses outside `origin` that a page asked for. */
  strayRequests: string[];
}

export interface PersonOptions {
  /** The only origin that pages may ask for. */
  origin: string;
  /** `name=value`, for who is logged in already. */
  cookie?: string;
  phone?: boolean;
  dark?: boolean;
}

/** A person with a browser of their own: a fresh context, one page, everything wrong in it noted. */
export async function person(browser: Browser, options: PersonOptions): Promise<Watched> {
  const context = await browser.newContext({
    baseURL: options.origin,
    viewport: options.phone ? { width: 375, height: 740 } : { width: 1280, height: 900 },
    colorScheme: options.dark ? "dark" : "light",
    locale: "en-GB",
    timezoneId: "Europe/Lisbon",
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const close = context.close.bind(context);
  context.close = async () => {
    // Chromium never answers when it is to close a page that is just loading anew.
    for (const page of context.pages()) await page.goto("about:blank");
    await close();
  };
  if (options.cookie !== undefined) {
    const [name = "", ...value] = options.cookie.split("=");
    await context.addCookies([{ name, value: value.join("="), url: options.origin }]);
  }
  const troubles: string[] = [];
  const strayRequests: string[] = [];
  const watch = (page: Page) => {
    page.on("pageerror", (error) => troubles.push(`script error: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error") troubles.push(`console: ${message.text()} (${message.location().url})`);
    });
    page.on("dialog", (dialog) => {
      troubles.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("request", (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol !== "data:" && origin !== options.origin) strayRequests.push(request.url());
    });
  };
  await context.addInitScript(() => {
    // deno-lint-ignore no-explicit-any
    const global = globalThis as any;
    global.document.addEventListener(
      "securitypolicyviolation",
      (event: { violatedDirective: string; blockedURI: string; sourceFile: string }) =>
        console.error(`policy: ${event.violatedDirective} ${event.blockedURI} in ${event.sourceFile}`),
    );
  });
  context.on("page", watch);
  const page = await context.newPage();
  return { context, page, troubles, strayRequests };
}
