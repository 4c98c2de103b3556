import { block, pass, type Verdict, warn } from "../../persona/policy/rule.ts";
import type { Platform } from "../../persona/platforms/port.ts";
import type { Other } from "../../../db/read/said.ts";
import { called } from "./called.ts";
import { TOGETHER_SOURCE } from "./own_personas.ts";

export const COORDINATED = "coordinated";
/** Within this many hours. */
export const TOGETHER_HOURS = 24;
/** From so many personas on, a person has to see them together. */
const TOGETHER = 3;
/** Posts that a person can see together with one; with more than these nobody judges them together. */
export const MAX_SEEN = 30;
/** Personas that a message names. */
const MAX_NAMED = 5;

/** A post of another persona on the same thing. */
export interface Companion {
  postId: string;
  personaId: string;
}

/** On which things so many personas are that a person has to see them: their posts, the newest first. */
export function together<T extends Other & { shared: string[] }>(others: T[]): { on: string[]; posts: T[] } {
  const personas = new Map<string, Set<string>>();
  for (const { personaId, shared } of others) {
    for (const key of shared) {
      personas.set(key, (personas.get(key) ?? new Set()).add(personaId));
    }
  }
  const on = [...personas].filter(([, who]) => who.size >= TOGETHER - 1).map(([key]) => key);
  const posts = others.filter(({ shared }) => shared.some((key) => on.includes(key)));
  return { on, posts: [...new Map(posts.map((post) => [post.postId, post])).values()] };
}

/**
 * The third of our personas on one link, tag, person or post within a day waits for a person who sees them together. `seen`: the
 * posts that one has seen beside it; null where nobody let it pass.
 */
export function coordinated(
  platform: Platform,
  others: (Other & { shared: string[] })[],
  seen: string[] | null,
): Verdict {
  const source = TOGETHER_SOURCE[platform];
  const { on, posts } = together(others);
  const [first] = on;
  if (first === undefined) {
    return pass(COORDINATED, `Fewer than ${TOGETHER} personas are on the same thing within a day.`, source);
  }
  const names = new Map(posts.map((post) => [post.personaId, called(post)]));
  const found = `${names.size + 1} personas on ${
    spoken(first)
  } within ${TOGETHER_HOURS} hours: this one and ${
    listed([...names.values()])
  }, in ${posts.length} other posts`;
  if (posts.length > MAX_SEEN) {
    return block(COORDINATED, `${found}. Nobody can see so many together: it has to wait.`, source);
  }
  if (seen === null) {
    return block(COORDINATED, `${found}. A person has to see them together before it goes out.`, source);
  }
  const joined = posts.filter(({ postId }) => !seen.includes(postId)).length;
  return joined === 0 ? warn(COORDINATED, `${found}. A person has seen them together.`, source) : block(
    COORDINATED,
    `${found}, ${joined} of which nobody has seen with it yet. A person has to see them together before it goes out.`,
    source,
  );
}

function listed(names: string[]): string {
  const named = names.slice(0, MAX_NAMED);
  return names.length > named.length
    ? `${named.join(", ")} and ${names.length - named.length} more`
    : [named.slice(0, -1).join(", "), named.at(-1)].filter((one) => one !== "").join(" and ");
}

/** A key of `subjectsOf`, for people. */
function spoken(key: string): string {
  const [kind, ...rest] = key.split(" ");
  const what = rest.join(" ");
  switch (kind) {
    case "link":
      return `one link (${what})`;
    case "tag":
      return `#${what}`;
    case "cashtag":
      return `$${what.toUpperCase()}`;
    case "who":
      return "one person";
    default:
      return "one post";
  }
}
