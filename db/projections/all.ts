import { connections } from "./connections.ts";
import { deadLetters } from "./dead_letters.ts";
import { due } from "./due.ts";
import { interactions } from "./interactions.ts";
import { memories } from "./memories.ts";
import { ownAccounts } from "./own_accounts.ts";
import { personas } from "./personas.ts";
import { posts } from "./posts.ts";
import type { Projection } from "./projection.ts";
import { said } from "./said.ts";

/** Every table that is made from events, in no particular order. */
export const projections: Projection[] = [
  personas,
  connections,
  ownAccounts,
  posts,
  interactions,
  memories,
  due,
  deadLetters,
  said,
].map((one) => one as unknown as Projection);
