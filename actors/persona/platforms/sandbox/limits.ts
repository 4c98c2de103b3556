/** What the sandbox takes besides what `limitsOf("sandbox")` says, shared by its server and its adapter. */
export const SANDBOX_LIMITS = {
  maxImageBytes: 2_000_000,
  /** UTF-16 code units of an image's description. */
  maxAltLength: 2_000,
  /** Posts whose counts are given, accounts and own posts that are looked up, at once. */
  maxLookedUp: 50,
};
