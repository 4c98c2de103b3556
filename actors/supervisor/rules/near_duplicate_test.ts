import { match, strictEqual } from "node:assert/strict";
import type { Other } from "../../../db/read/said.ts";
import { nearDuplicate } from "./near_duplicate.ts";

const TEXT = "The old pear tree by the station is in bloom again, two weeks early.";
const other = (personaName: string | null, text: string): Other & { texts: string[] } => ({
  postId: "p",
  personaId: `id-${personaName}`,
  personaName,
  platform: "x",
  at: "2026-11-12T09:00:00.000Z",
  texts: [text],
});

Deno.test("near duplicate, several that are alike: the one that is most alike is named, with its day", () => {
  const verdict = nearDuplicate({ persona: "me", platform: "x", texts: [TEXT] }, [
    other("Ada", TEXT.replace("two", "three")),
    other("Ben", TEXT.toUpperCase()),
    other("Cyd", TEXT.replace("bloom", "leaf")),
  ]);
  strictEqual(verdict.level, "block");
  match(verdict.message, /what Ben said on 2026-11-12 \(the same words\)/);
});

Deno.test("near duplicate, one that only shared a band by chance: passes", () => {
  const verdict = nearDuplicate({ persona: "me", platform: "linkedin", texts: [TEXT] }, [
    other("Ada", "Roots breathe and drink, and they do not care for your drains."),
  ]);
  strictEqual(verdict.level, "pass");
  match(verdict.source ?? "", /linkedin\.com/);
});
