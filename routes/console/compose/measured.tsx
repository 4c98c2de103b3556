/** The counters beside an editor, while somebody types. */
import { limitsOf } from "../../../actors/persona/platforms/limits.ts";
import type { Platform } from "../../../actors/persona/platforms/port.ts";
import { Chip, plural } from "../parts/small.tsx";
import { money } from "../words.ts";
import type { Looked } from "./looked.ts";

export interface CountersProps {
  platform: Platform;
  looked: Looked;
  /** Names the editor to the script; the connection where there are several. */
  place: string;
  /** It has a text of its own among several. */
  isVariant?: boolean;
  /** Number of the first part: those before it are out already. @default 1 */
  first?: number;
}

export function Counters({ platform, looked, place, isVariant = false, first = 1 }: CountersProps) {
  const { measures, problems, splits, price } = looked;
  const { label, unit } = limitsOf(platform);
  const isThread = measures.length > 1 || first > 1;
  return (
    <>
      <p class="counters small" data-counter="">
        {measures.map(({ count, limit, fits }, index) => (
          <span class={fits ? undefined : "over"} data-part-count="">
            {isThread && <span class="faint">{`part ${first + index}: `}</span>}
            {count} / {limit}
            {!fits && <span class="sr">, too long</span>}
          </span>
        ))}
        <span class="faint">{unit === "graphemes" ? "characters" : unit}</span>
        {isVariant && <Chip tone="acc" title="Its text differs from the one for all">variant</Chip>}
        {price !== null && (
          <Chip title="What X charges for it, at most, once it goes out">
            costs {money(price.microUsd)} on {label}
            {price.hasLink
              ? ": it has a link"
              : measures.length > 1 && `: ${plural(measures.length, "part")}`}
          </Chip>
        )}
      </p>
      {problems.length > 0 && (
        <ul class="problems small">
          {problems.map((problem) => <li>{problem}</li>)}
        </ul>
      )}
      {splits && (
        <p class="row small">
          <button class="btn" type="button" data-split={place}>Split into a thread</button>
          <button class="btn" type="button" data-split={place} data-numbered="1">
            Split and number the parts
          </button>
        </p>
      )}
    </>
  );
}

/** Beside the account's name, so that all that fit and do not are seen at once. Nothing for a text that is not begun. */
export function Fit({ looked: { measures, problems } }: { looked: Looked }) {
  const over = Math.max(...measures.map(({ count, limit }) => count - limit));
  if (problems.length > 0) return <span class="bad small">✕ {over > 0 ? `${over} over` : "not yet"}</span>;
  return measures.some(({ count }) => count > 0) ? <span class="ok small">✓ fits</span> : null;
}

/** A piece of an answer to the script: what stands in the element with that id now. */
export function piece(id: string, contents: unknown): string {
  return String(<div data-for={id}>{contents}</div>);
}
