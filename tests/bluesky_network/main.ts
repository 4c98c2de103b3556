/** `deno task bluesky`: a Bluesky network of one's own, to play with, until Ctrl-C. */
import { startBlueskyNetwork } from "./network.ts";

const PDS_PORT = 2583;

const started = performance.now();
const network = await startBlueskyNetwork({
  ports: { pds: PDS_PORT },
  say: console.log,
});
const seconds = ((performance.now() - started) / 1000).toFixed(1);

const ada = {
  handle: "ada.test",
  password: "ada-password",
  email: "ada@example.com",
};
const grace = {
  handle: "grace.test",
  password: "grace-password",
  email: "grace@example.com",
};
for (const account of [ada, grace]) await network.createAccount(account);

console.log(`
A Bluesky network runs on this machine (ready in ${seconds} s). Everything in it is gone when it ends.

  PDS       ${network.pdsUrl}
  PLC       ${network.plcUrl}
  AppView   ${network.appViewUrl}

Accounts
${[ada, grace].map(({ handle, password }) => `  ${handle.padEnd(12)} password ${password}`).join("\n")}

To link one to a persona
  1. start digi-persona so that it may speak to this server, which has no https:
       ALLOWED_ORIGINS=${network.pdsUrl} PLC_URL=${network.plcUrl} deno task start
  2. open the persona, choose "Connect Bluesky", and give
       service ${network.pdsUrl}, identifier ${ada.handle}, password ${ada.password}

Ctrl-C ends it.`);

await new Promise<void>((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, resolve);
  }
});
await network.stop();
Deno.exit(0);
