import type { Content } from "../../actors/persona/content.ts";
import type { Platform, Sent } from "../../actors/persona/platforms/port.ts";
import { bandsOf, sayings } from "../../actors/persona/policy/likeness.ts";
import { leadOf, postKey } from "../../actors/persona/policy/lead.ts";
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
  /** When it went out, as far as it did; before that, when it began to be sent. */
  at: string | null;
  /** More of it may go out at any time, or may have. */
  going: boolean;
  /** A part of it is out. */
  out: boolean;
  /** Of each part of its text and of the whole, see `bandsOf` and `sayings`. */
  bands: number[];
  /** See `subjectsOf`. */
  subjects: string[];
  interaction_id: string | null;
  /** The platform's id of what it answers. */
  target: string | null;
  /** What is out of it, see `postKey`. */
  posted: string[];
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
        return row && going({ ...row, position: null }, event);
      case "PublishUncertain":
        // In a copy of a database what was due may have gone out without an intent.
        return row && partly(going(row, event), event);
      case "PublishDeferred":
      case "PublishFoundAbsent":
        return row && partly(row, event);
      case "PostPublished":
        return row && { ...partly(going(row, event), event), going: false, out: true, at: event.at };
      case "PublishRejected":
      case "PostHeldBack":
        return row && ended(partly(row, event));
      case "PostRejected":
      case "PostWithdrawn":
        return row && ended(row);
      case "PostRemoved":
        return row && ended({ ...row, out: false });
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
    going: false,
    out: false,
    bands: [],
    subjects: [],
    interaction_id: data.answering?.interactionId ?? null,
    target: null,
    posted: [],
  };
}

function text(platform: Platform, content: Content): Change {
  const bands = new Set(sayings(content.parts.map((part) => part.text)).flatMap(bandsOf));
  return { bands: [...bands], ...subjects(platform, content) };
}

function subjects(platform: Platform, content: Pick<Content, "parts" | "replyTarget">): Change {
  return { subjects: subjectsOf(platform, content).keys, target: content.replyTarget?.id ?? null };
}

function going(row: SaidRow, { position, at }: { position: number; at: string }): SaidRow {
  return { ...row, going: true, position: row.position ?? position, at: row.at ?? at };
}

/** Parts that are newly known to be out. */
function partly(row: SaidRow, { at, data: { sent = [] } }: { at: string; data: { sent?: Sent[] } }): SaidRow {
  if (sent.length === 0) return row;
  const keys = sent.flatMap(({ id, url }) => [postKey(row.platform, id), leadOf(url).key]);
  const posted = new Set([...row.posted, ...keys.filter((key) => key.startsWith("post "))]);
  const isMore = !row.out || posted.size > row.posted.length;
  return { ...row, out: true, at: isMore ? at : row.at, posted: [...posted] };
}

/** What went out in part was said. */
function ended(row: SaidRow): SaidRow {
  return { ...row, going: false, ...(row.out ? {} : { position: null, at: null }) };
}
