/**
 * The stand-in by hand: `deno run -A tests/stand_ins/linkedin/main.ts [port] [web port] [redirect URI]`.
 * Do things to it while it runs:
 * `curl 127.0.0.1:PORT/_control/fail -d '{"fault": "reset_after", "on": "POST /rest/posts"}'`.
 * `control.ts` says what else there is, `faults.ts` which faults.
 */
import { startLinkedInStandIn } from "./stand_in.ts";

const [port = "11500", webPort = "11501", redirectUri] = Deno.args;
const linkedin = await startLinkedInStandIn({
  port: Number(port),
  webPort: Number(webPort),
  application: redirectUri === undefined ? {} : { redirectUris: [redirectUri] },
});
const { clientId, clientSecret, redirectUris, scopes } = linkedin.application;
console.log(`API          ${linkedin.origin}
web          ${linkedin.webOrigin}
client       ${clientId}
secret       ${clientSecret}
redirect URI ${redirectUris.join(" ")}
scopes       ${scopes.join(" ")}
control      ${linkedin.origin}/_control/NAME`);
