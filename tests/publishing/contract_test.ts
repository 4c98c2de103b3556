import { CONTRACT } from "./contract.ts";
import { openPlay } from "./plays.ts";
import { holds } from "./scene.ts";
import { STAGES } from "./stage.ts";

for (const name of STAGES) {
  Deno.test(`the adapter for ${name} keeps the contract of all platforms`, async (test) => {
    const play = await openPlay(name);
    if (play === null) return;
    try {
      for (const [what, step] of Object.entries(CONTRACT)) await test.step(what, () => holds(play, step));
    } finally {
      await play.close();
    }
  });
}
