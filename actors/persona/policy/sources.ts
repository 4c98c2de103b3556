/** Where the platforms' rules stand, as read in November 2026. */
export const SOURCES = {
  /** Automated accounts: their label, who runs them, mentions, one reply each, similar content. */
  xDevelopers: "https://docs.x.com/developer-guidelines",
  /** Which replies a program may send, and how many cashtags. */
  xChanges: "https://docs.x.com/changelog",
  /** Accounts that act together, and one's own accounts among each other. */
  xAuthenticity: "https://help.x.com/en/rules-and-policies/authenticity",
  blueskyCommunity: "https://bsky.social/about/support/community-guidelines",
  blueskyBots: "https://docs.bsky.app/docs/starter-templates/bots",
  blueskyBotLabel: "https://docs.bsky.app/docs/starter-templates/bots#labeling-your-bot",
  linkedInCommunity: "https://www.linkedin.com/legal/professional-community-policies",
  linkedInApi: "https://www.linkedin.com/legal/l/api-terms-of-use",
} as const;
