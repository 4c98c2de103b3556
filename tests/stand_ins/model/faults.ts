/** Everything that can be wrong with a model's endpoint, by name. */
export const FAULTS = [
  "slow_first_byte",
  "hang",
  "slow_between_chunks",
  "silent_mid_stream",
  "rate_limited",
  "rate_limited_reset",
  "out_of_quota",
  "server_error",
  "unauthorized",
  "html_502",
  "html_200",
  "json_200",
  "junk_200",
  "empty_answer",
  "only_punctuation",
  "prompt_echo",
  "far_too_long",
  "endless",
  "stuck",
  "refusal",
  "refusal_field",
  "content_filter",
  "out_of_tokens",
  "break_off",
  "reset",
  "no_finish_reason",
  "malformed_sse",
  "error_in_stream",
  "no_usage",
  "key_in_error",
  "key_in_answer",
  "half_characters",
  "wrapped",
  "thoughts",
  "no_seed",
  "redirect",
] as const;

export type Fault = typeof FAULTS[number];

export function isFault(name: string): name is Fault {
  return (FAULTS as readonly string[]).includes(name);
}
