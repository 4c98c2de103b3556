/** The strict reading of what `POST /2/tweets` was sent. */

export interface PostBody {
  text: string;
  replyTo: string | null;
  quotes: string | null;
  mediaIds: string[];
  madeWithAi: boolean;
}

export const ID = /^[0-9]{1,19}$/;

/** Fields that X knows and this stand-in does not play: refused, so that nobody thinks they worked. */
const NOT_PLAYED = new Set([
  "card_uri",
  "community_id",
  "direct_message_deep_link",
  "edit_options",
  "for_super_followers_only",
  "geo",
  "nullcast",
  "poll",
  "share_with_followers",
]);

/** The request, or what is wrong by field. */
export function readPostBody(body: unknown): PostBody | { wrong: Record<string, string[]> } {
  const wrong: Record<string, string[]> = {};
  const refuse = (field: string, why: string) => void (wrong[field] = [why]);
  if (!isRecord(body)) return { wrong: { body: ["must be a JSON object"] } };
  const read: PostBody = { text: "", replyTo: null, quotes: null, mediaIds: [], madeWithAi: false };
  for (const [field, value] of Object.entries(body)) {
    switch (field) {
      case "text":
        if (typeof value === "string") read.text = value;
        else refuse(field, "must be a string");
        break;
      case "reply":
        if (
          !hasOnly(value, ["in_reply_to_tweet_id"], [
            "auto_populate_reply_metadata",
            "exclude_reply_user_ids",
          ])
        ) {
          refuse(field, "must have in_reply_to_tweet_id, and nothing unknown");
        } else if (isId(value.in_reply_to_tweet_id)) read.replyTo = value.in_reply_to_tweet_id;
        else refuse("reply.in_reply_to_tweet_id", "must be an id");
        break;
      case "media":
        if (!hasOnly(value, ["media_ids"], ["tagged_user_ids"])) {
          refuse(field, "must have media_ids, and nothing unknown");
        } else if (isIds(value.media_ids, 1, 4)) read.mediaIds = value.media_ids;
        else refuse("media.media_ids", "must be 1 to 4 ids");
        break;
      case "quote_tweet_id":
        if (isId(value)) read.quotes = value;
        else refuse(field, "must be an id");
        break;
      case "made_with_ai":
        if (typeof value === "boolean") read.madeWithAi = value;
        else refuse(field, "must be a boolean");
        break;
      case "paid_partnership":
        if (typeof value !== "boolean") refuse(field, "must be a boolean");
        break;
      case "reply_settings":
        if (!["following", "mentionedUsers", "subscribers", "verified"].includes(String(value))) {
          refuse(field, "is no reply setting");
        }
        break;
      default:
        refuse(field, NOT_PLAYED.has(field) ? "is not played by this stand-in" : "is not in the schema");
    }
  }
  return Object.keys(wrong).length > 0 ? { wrong } : read;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object with all of `needed`, and of the rest only what is in `allowed`. */
export function hasOnly(
  value: unknown,
  needed: string[],
  allowed: string[] = [],
): value is Record<string, unknown> {
  if (!isRecord(value)) return false;
  return needed.every((key) => key in value) &&
    Object.keys(value).every((key) => needed.includes(key) || allowed.includes(key));
}

function isId(value: unknown): value is string {
  return typeof value === "string" && ID.test(value);
}

function isIds(value: unknown, least: number, most: number): value is string[] {
  return Array.isArray(value) && value.length >= least && value.length <= most && value.every(isId);
}
