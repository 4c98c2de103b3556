/** The entry of a cell as it is, but for the script of its workers. */
import "../../actors/console_to_stderr.ts";
import { runCell } from "../../actors/cell/cell.ts";

const script = new URL("../../actors/cell/permissions_test_worker.ts", import.meta.url);
await runCell(Deno.args, script);
