/** Every bound of the HTTP API, by name. */
import { defaultLimits } from "../../actors/persona/files/limits.ts";

/** Bytes of a JSON body. */
export const MAX_BODY_BYTES = 1_048_576;
/** Bytes of a persona file that is uploaded; what it unfolds to and its pixels are bounded in `files/limits.ts`. */
export const MAX_UPLOAD_BYTES = defaultLimits.fileBytes;
/** Levels of nesting in a JSON body. */
export const MAX_JSON_DEPTH = 64;
/** Commands of one caller (a token, or a person) that wait for their answer; past it 429. */
export const MAX_QUEUED_COMMANDS = 100;
/** How long a request may take, in ms; past it 504. What it began may still be done. */
export const REQUEST_DEADLINE_MS = 60_000;
/** Bytes of an identity as JSON: it has to fit into one event (262,144 bytes). */
export const MAX_IDENTITY_BYTES = 200_000;
/** Characters of an `Idempotency-Key`. */
export const MAX_KEY_LENGTH = 128;
/** What one problem lists in `errors`. */
export const MAX_ERRORS = 50;
/** Characters of a brief. */
export const MAX_BRIEF_LENGTH = 4_000;
/** Characters of the text of a post; platforms allow far less. */
export const MAX_TEXT_LENGTH = 20_000;
/** Characters of a reason. */
export const MAX_REASON_LENGTH = 2_000;
/** Characters of what a picture shows. */
export const MAX_ALT_LENGTH = 1_000;
/** Pictures of one part. */
export const MAX_PICTURES = 4;
/** Posts that an approval names as seen together with its own. */
export { MAX_SEEN } from "../../actors/supervisor/rules/coordinated.ts";
/** Parts of a thread. */
export const MAX_PARTS = 25;
