/** What each platform can, in one table: `describe` has to say the same. */
import type { Description } from "../../actors/persona/platforms/port.ts";
import type { StageName } from "./stage.ts";

export interface Capabilities extends Pick<Description, "promise"> {
  threads: boolean;
  /** Whether an adapter can hear what others say, and answer. */
  hears: boolean;
  replyPictures: boolean;
  readsBack: boolean;
  /** What was deleted is told from what may not be read only where posts can be read back. */
  measures: boolean;
  /** The same payload sent twice is out once, by its key. */
  keyed: boolean;
  priced: boolean;
}

export const CAPABILITIES: Record<StageName, Capabilities> = {
  x: {
    threads: true,
    hears: true,
    replyPictures: true,
    readsBack: true,
    measures: true,
    keyed: false,
    priced: true,
    promise: "at_most_once",
  },
  "linkedin-page": {
    threads: false,
    hears: true,
    replyPictures: false,
    readsBack: true,
    measures: true,
    keyed: false,
    priced: false,
    promise: "at_most_once",
  },
  "linkedin-member": {
    threads: false,
    hears: false,
    replyPictures: false,
    readsBack: false,
    measures: true,
    keyed: false,
    priced: false,
    promise: "person_decides",
  },
  bluesky: {
    threads: true,
    hears: true,
    replyPictures: true,
    readsBack: true,
    measures: true,
    keyed: true,
    priced: false,
    promise: "exactly_once",
  },
  sandbox: {
    threads: true,
    hears: true,
    replyPictures: true,
    readsBack: true,
    measures: true,
    keyed: true,
    priced: false,
    promise: "exactly_once",
  },
};
