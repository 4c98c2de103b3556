/** The names that lists in a query may hold, in both dialects. A test compares them with the specifications. */
import type { Dialect } from "./world.ts";

export interface Names {
  /** The parameter that asks for fields of posts. */
  postParameter: "tweet.fields" | "post.fields";
  postFields: string[];
  userFields: string[];
  mediaFields: string[];
  pollFields: string[];
  placeFields: string[];
  postExpansions: string[];
  userExpansions: string[];
}

const MEDIA_FIELDS = words(`
  alt_text duration_ms height media_key non_public_metrics organic_metrics preview_image_url
  promoted_metrics public_metrics type url variants width
`);
const POLL_FIELDS = words("duration_minutes end_datetime id options voting_status");
const PLACE_FIELDS = words("contained_within country country_code full_name geo id name place_type");

export const NAMES: Record<Dialect, Names> = {
  classic: {
    postParameter: "tweet.fields",
    postFields: words(`
      article attachments author_id card_uri community_id context_annotations conversation_id
      created_at display_text_range edit_controls edit_history_tweet_ids entities geo id
      in_reply_to_user_id lang matched_media_notes media_metadata non_public_metrics
      note_request_suggestions note_tweet organic_metrics paid_partnership possibly_sensitive
      promoted_metrics public_metrics referenced_tweets reply_settings scopes source
      suggested_source_links suggested_source_links_with_counts text withheld
    `),
    userFields: words(`
      affiliation confirmed_email connection_status created_at description entities id
      is_identity_verified location most_recent_tweet_id name parody pinned_tweet_id
      profile_banner_url profile_image_url protected public_metrics receives_your_dm subscription
      subscription_type url username verified verified_followers_count verified_type withheld
    `),
    mediaFields: MEDIA_FIELDS,
    pollFields: POLL_FIELDS,
    placeFields: PLACE_FIELDS,
    postExpansions: words(`
      article.cover_media article.media_entities attachments.media_keys
      attachments.media_source_tweet attachments.poll_ids author_id edit_history_tweet_ids
      entities.mentions.username geo.place_id in_reply_to_user_id entities.note.mentions.username
      referenced_tweets.id referenced_tweets.id.attachments.media_keys
      referenced_tweets.id.author_id
    `),
    userExpansions: words("affiliation.user_id most_recent_tweet_id pinned_tweet_id"),
  },
  current: {
    postParameter: "post.fields",
    postFields: words(`
      article article_title attachments card_uri community_id context_annotations conversation_id
      created_at display_text_range edit_controls entities geo id lang matched_media_notes
      media_metadata non_public_metrics note_post note_request_suggestions organic_metrics
      paid_partnership possibly_sensitive promoted_metrics public_metrics reply_settings scopes
      source suggested_source_links suggested_source_links_with_counts text withheld
    `),
    userFields: words(`
      confirmed_email connection_status created_at description entities id is_identity_verified
      location name parody profile_banner_url profile_image_url protected public_metrics
      receives_your_dm subscribes_to_you subscription subscription_type url username verified
      verified_followers_count verified_type withheld
    `),
    mediaFields: MEDIA_FIELDS,
    pollFields: POLL_FIELDS,
    placeFields: PLACE_FIELDS,
    postExpansions: words(`
      article.cover_media article.media_entities attachments.media_keys
      attachments.media_source_tweet attachments.poll_ids author_id edit_history_post_ids
      entities.mentions.username geo.place_id in_reply_to_user_id referenced_posts username
    `),
    userExpansions: words("affiliation most_recent_post_id pinned_post_id"),
  },
};

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
