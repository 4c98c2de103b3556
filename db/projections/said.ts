import type { Content } from "../../actors/persona/content.ts";
import type { Platform, Sent } from "../../actors/persona/platforms/port.ts";
import { bandsOf } from "../../actors/persona/policy/likeness.ts";
import { subjectsOf } from "../../actors/persona/policy/subjects.ts";
import type { Projection } from "./projection.ts";
import { known } from "./row.ts";

/** What a post says and on what, as rules ask for it that look at all personas. */
export interface SaidRow {
  /** Of the post. */
  id: string;
  stream: string;
  platform: Platform;
  /** Of the event that began to send it; null while it is neither out nor on its way. */
  position: number | null;
  at: string | null;
  /** A part of it is out. */
  out: boolean;
  /** Of each part of its text, see `bandsOf`. */
  bands: number[];
  /** See `subjectsOf`. */
  subjects: string[];
  interaction_id: string | null;
  /** The platform's id of what it answers. */
  target: string | null;
}

type Change = Partial<SaidRow>;

export const said: Projection<SaidRow> = {
  table: "said",
  key: ["id"],
  types: [
    "CompositionRequested",
    "DraftWritten",
    "DraftComposed",
    "DraftRevised",
    "DraftPrepared",
    "PublishRequested",
    "PublishUncertain",
    "PublishDeferred",
    "PublishFoundAbsent",
    "PublishRejected",
    "PostPublished",
    "PostHeldBack",
    "PostRejected",
    "PostWithdrawn",
    "PostRemoved",
  ],
  touches: (event) => [{ id: String(event.data.postId) }],
  fold(row, stored) {
    const event = known(stored);
    if (row !== null && row.stream !== event.stream) return row;
    const going = { position: event.position, at: event.at };
    // What went out in part was said.
    const ended: Change = row?.out ? {} : { position: null, at: null };
    switch (event.type) {
      case "CompositionRequested":
        return row ?? begun(event.stream, event.data);
      case "DraftWritten":
        return row ??
          { ...begun(event.stream, event.data), ...text(event.data.platform, event.data.content) };
      case "DraftComposed":
      case "DraftRevised":
        return row && { ...row, ...text(row.platform, event.data.content) };
      case "DraftPrepared": {
        const { parts, replyTarget = null } = event.data;
        // Preparation changes no text, so the bands stay.
        return row && { ...row, ...subjects(row.platform, { parts, replyTarget }) };
      }
      case "PublishRequested":
        return row && { ...row, ...going };
      case "PublishUncertain":
        // In a copy of a database what was due may have gone out without an intent.
        return row && { ...row, ...(row.position === null ? going : {}), ...partly(event.data) };
      case "PublishDeferred":
      case "PublishFoundAbsent":
        return row && { ...row, ...partly(event.data) };
      case "PublishRejected": {
        const after = row && { ...row, ...partly(event.data) };
        return after && (after.out ? after : { ...after, ...ended });
      }
      case "PostPublished":
        return row && { ...row, ...(row.position === null ? going : {}), out: true };
      case "PostHeldBack":
      case "PostRejected":
      case "PostWithdrawn":
        return row && { ...row, ...ended };
      case "PostRemoved":
        return row && { ...row, position: null, at: null, out: false };
      default:
        return row;
    }
  },
};

function begun(
  stream: string,
  data: { postId: string; platform: Platform; answering?: { interactionId: string } },
): SaidRow {
  return {
    id: data.postId,
    stream,
    platform: data.platform,
    position: null,
    at: null,
    out: false,
    bands: [],
    subjects: [],
    interaction_id: data.answering?.interactionId ?? null,
    target: null,
  };
}

function text(platform: Platform, content: Content): Change {
  const bands = new Set(content.parts.flatMap((part) => bandsOf(part.text)));
  return { bands: [...bands], ...subjects(platform, content) };
}

function subjects(platform: Platform, content: Pick<Content, "parts" | "replyTarget">): Change {
  return { subjects: subjectsOf(platform, content).keys, target: content.replyTarget?.id ?? null };
}

/** Parts of a thread that are newly known to be out. */
function partly({ sent }: { sent?: Sent[] }): Change {
  return sent === undefined || sent.length === 0 ? {} : { out: true };
}
