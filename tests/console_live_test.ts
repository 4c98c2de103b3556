/**
 * The console in real Chromium on the real program: what is live stays whole whatever the line does, what is typed stays typed,
 * keys do what they say, hostile texts do nothing. One program and one browser for all steps, a fresh context for each.
 */
import { openBrowser, skipsBrowser } from "./browser.ts";
import { failedCommand, keys, takingBack } from "./console_live/hands.ts";
import { commandOnCutLine, cutLine, hiddenTab, killed, longCut, restart } from "./console_live/line.ts";
import { everyPage, hostileTexts, phone } from "./console_live/pages.ts";
import { filteredStream, firstSteps, logOut, othersApproval, stopEverywhere } from "./console_live/people.ts";
import { runtime } from "./console_live/runtime.ts";
import { type World, worldOf } from "./console_live/world.ts";
import { skips } from "./database.ts";
import { startProgram } from "./program.ts";

const STEPS: Record<string, (world: World) => Promise<void>> = {
  "a cut line: nothing missing, nothing double, nothing typed lost": cutLine,
  "a long cut: a stream that missed too much is drawn anew, each line once": longCut,
  "a hidden tab: catches up when it is looked at again": hiddenTab,
  "a command on a cut line: says so, keeps what was typed, and works once the line is back": commandOnCutLine,
  "a filtered stream: lets in live what the filter lets in, and only its persona's": filteredStream,
  "Stop all posting: shows on every open page at once, and so does its lifting": stopEverywhere,
  "first steps: one press from a template to a draft that waits for review": firstSteps,
  "somebody else's approval: shows in the card, without loading the page": othersApproval,
  "the Runtime page: shows waking, crashes and restarts live; what is open, focused or typed stays": runtime,
  "log-out in another tab: closes the socket within a second, and the page says so": logOut,
  "keys: act on the focused card, never within a second of its focus, and can be switched off": keys,
  "approving: can be taken back until it is sent": takingBack,
  "a failed command: keeps what was typed and says why": failedCommand,
  "hostile texts: lie inert on every page": hostileTexts,
  "every page: without a script error, a refusal of the policy or a request elsewhere": everyPage,
  "every page on a phone, in the dark: nothing stands over the edge": phone,
  "a restart of the program: the page comes back by itself, and is right": restart,
  "a program that was killed: the page comes back by itself, and is right": killed,
};

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
