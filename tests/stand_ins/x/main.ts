/**
 * The stand-in by hand: `deno run --allow-all tests/stand_ins/x/main.ts [port]`. With no other word it says what can be done
 * to it while it runs: `curl 127.0.0.1:PORT/stand-in/fault -H content-type:application/json -d '{"fault": "half_body"}'`.
 */
import { loadContracts } from "./contracts.ts";
import { EXAMPLES } from "./control_paths.ts";
import { FAULTS } from "./faults.ts";
import { startXStandIn } from "./stand_in.ts";

const [port = "11436", redirectUri] = Deno.args;
const x = await startXStandIn({
  port: Number(port),
  redirectUris: redirectUri === undefined ? undefined : [redirectUri],
  contracts: await loadContracts(),
});
const keys = x.control.userKeys("marisol_ink");
const tokens = x.control.grant("marisol_ink");
console.log(`X at ${x.origin}, consent at ${x.authorizeUrl}, as @marisol_ink

OAuth 2.0   client id      ${x.app.clientId}
            client secret  ${x.app.clientSecret}
            sends back to  ${x.app.redirectUris.join(", ")}
            access token   ${tokens.accessToken}
OAuth 1.0a  consumer key   ${keys.consumerKey}
            its secret     ${keys.consumerSecret}
            access token   ${keys.accessToken}
            its secret     ${keys.accessSecret}

What is there:   GET  ${x.origin}/stand-in/state
What can be done, each as JSON:`);
for (const [name, example] of Object.entries(EXAMPLES)) {
  console.log(`  POST ${x.origin}/stand-in/${name}  ${JSON.stringify(example)}`);
}
console.log(`Faults: ${FAULTS.join(", ")}`);
