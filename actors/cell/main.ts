/** The entry of a cell. */
import "../console_to_stderr.ts";
import { runCell } from "./cell.ts";

await runCell(Deno.args, new URL("../persona/worker.ts", import.meta.url));
