/** The names of the rules under which foreign words are removed, as rows keep them and pages show them. */

export const retentionRule = (from: string): string => `retention:${from}`;
export const ERASED_BY_AUTHOR = "erasure:author";

/** The parts of a row's content that name a person. */
export const PROFILE_PARTS = ["authorId", "authorHandle", "authorName", "url"];
