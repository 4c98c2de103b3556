import type { AdapterContext, Facet, Part } from "../port.ts";
import { loadText } from "../text/platform_text.ts";
import { type Names, resolve } from "./names.ts";
import type { Session } from "./session.ts";

/**
 * The texts as they are sent (NFC) with what X will see in them, and their weight. X finds that by itself: facets are for
 * people and rules. Throws `PlatformFailed` where X could not be asked whose the handles are.
 */
export async function prepare(session: Session, context: AdapterContext, texts: string[]): Promise<Part[]> {
  const x = await loadText("x");
  const read = texts.map((typed) => {
    const text = typed.normalize("NFC");
    return { text, facets: x.facets(text), weight: x.measure(text).count };
  });
  const handles = read.flatMap(({ facets }) => facets).flatMap((facet) =>
    facet.kind === "mention" ? [facet.handle] : []
  );
  const names = await resolve(session, context, handles);
  return read.map((part) => ({ ...part, facets: part.facets.flatMap((facet) => withAccount(facet, names)) }));
}

/** A handle that nobody has is text. */
function withAccount(facet: Facet, names: Names): Facet[] {
  if (facet.kind !== "mention") return [facet];
  const named = names.get(facet.handle.toLowerCase()) ?? null;
  return named === null ? [] : [{ ...facet, handle: named.handle, accountId: named.id }];
}
