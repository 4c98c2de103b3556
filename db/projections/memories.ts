import { fullText } from "../../actors/persona/content.ts";
import type { Content } from "../../actors/persona/content.ts";
import type { Projection } from "./projection.ts";
import { known } from "./row.ts";

export interface MemoryRow {
  id: string;
  stream: string;
  /** `draft` while the post is not out (not a memory yet), `said` once it is. */
  kind: "draft" | "said";
  post_id: string;
  text: string;
  at: string;
  position: number;
}

/** What the persona remembers having said. The text is that of the last draft before it went out. */
export const memories: Projection<MemoryRow> = {
  table: "memory",
  key: ["id"],
  types: [
    "DraftComposed",
    "DraftRevised",
    "DraftWritten",
    "PostPublished",
    "PostWithdrawn",
    "PostRejected",
    "PublishRejected",
    "PostRemoved",
  ],
  touches: (event) => [{ id: String(event.data.postId) }],
  fold(row, stored) {
    const event = known(stored);
    if (row !== null && row.stream !== event.stream) return row;
    const at = { at: event.at, position: event.position };
    const drafted = (postId: string, content: Content): MemoryRow => ({
      id: postId,
      stream: event.stream,
      kind: "draft",
      post_id: postId,
      text: fullText(content),
      ...at,
    });
    switch (event.type) {
      case "DraftComposed":
      case "DraftRevised":
      case "DraftWritten":
        return drafted(event.data.postId, event.data.content);
      case "PostPublished":
        return row && { ...row, kind: "said", ...at };
      case "PostWithdrawn":
      case "PostRejected":
      case "PublishRejected":
      case "PostRemoved":
        return null;
      default:
        return row;
    }
  },
};
