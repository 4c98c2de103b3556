/** What the end of a cell is to each who was in it. */
import type { BlameLimits, Resident } from "./blame.ts";
import { blame } from "./blame.ts";
import type { Cell, Ending, Occupant } from "./cells.ts";
import type { Life } from "./life.ts";
import type { PersonaActor } from "./persona_actor.ts";
import type { Fall } from "./surroundings.ts";

export interface Falls {
  /** Whose lives ended with it. */
  fallen: { actor: PersonaActor; life: Life; fall: Fall }[];
  /** Whether it is known who did it. */
  guilty: boolean;
}

export function falls(
  cell: Pick<Cell, "ready">,
  occupants: Occupant[],
  ending: Ending,
  actors: ReadonlyMap<string, PersonaActor>,
  { maxHeapBytes, maxRssBytes }: BlameLimits,
): Falls {
  const lives = occupants.flatMap((occupant) => {
    const actor = actors.get(occupant.personaId);
    return actor?.life?.address === occupant.address ? [{ actor, life: actor.life }] : [];
  });
  const residents = lives.map(({ actor, life }): Resident => ({
    address: life.address,
    busy: actor.busy,
    heapBytes: life.heapBytes ?? 0,
    externalBytes: life.externalBytes ?? 0,
  }));
  // Before it came up nothing of a persona ran in it.
  const { guilty, suspects } = cell.ready
    ? blame(ending, residents, { maxHeapBytes, maxRssBytes })
    : { guilty: null, suspects: [] };
  const fallen = lives.map(({ actor, life }) => {
    const charged = life.address === guilty;
    const fall: Fall = {
      cause: ending.end,
      reason: charged ? ending.detail : `its cell ended: ${ending.detail}`,
      stack: "",
      charged,
      suspect: suspects.includes(life.address),
    };
    return { actor, life, fall };
  });
  return { fallen, guilty: guilty !== null };
}
