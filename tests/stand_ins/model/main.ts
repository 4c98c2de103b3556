/**
 * The stand-in by hand: `deno run --allow-net=127.0.0.1 tests/stand_ins/model/main.ts [port] [fault]`.
 * Change the fault while it runs: `curl 127.0.0.1:PORT/admin/fault -d '{"fault": "break_off"}'`.
 */
import { FAULTS, isFault } from "./faults.ts";
import { startModelStandIn } from "./stand_in.ts";

const [port = "11435", fault = ""] = Deno.args;
if (fault !== "" && !isFault(fault)) {
  console.error(`"${fault}" is no fault; one of: ${FAULTS.join(", ")}`);
  Deno.exit(2);
}
const model = await startModelStandIn({ port: Number(port) });
if (isFault(fault)) model.setFault(fault);
console.log(`OPENAI_BASE_URL=${model.url}\nOPENAI_API_KEY=${model.apiKey}\nOPENAI_MODEL=stand-in-1`);
