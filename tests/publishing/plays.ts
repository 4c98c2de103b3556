import { missing } from "../bluesky_network/network.ts";
import { blueskyPlay } from "./bluesky_stage.ts";
import { linkedInPlay } from "./linkedin_stage.ts";
import type { StageName, StagePlay } from "./stage.ts";
import { sandboxPlay } from "./sandbox_stage.ts";
import { skips } from "../database.ts";
import { xPlay } from "./x_stage.ts";

/** Null, said in one line, where it cannot be played here. */
export async function openPlay(name: StageName): Promise<StagePlay | null> {
  switch (name) {
    case "x":
      return await xPlay();
    case "linkedin-page":
      return linkedInPlay("page");
    case "linkedin-member":
      return linkedInPlay("member");
    case "sandbox":
      return await skips("embedded") ? null : await sandboxPlay();
    case "bluesky":
      return await lacks() ? null : await blueskyPlay();
    default:
      return name satisfies never;
  }
}

async function lacks(): Promise<boolean> {
  const lacking = await missing();
  if (lacking === null) return false;
  if (Deno.env.get("CI") === "true") throw new Error(lacking);
  console.log(`skipped: ${lacking}`);
  return true;
}
