/** How far a post is, in a word; of one that has to wait, until when. */
import type { PostRead } from "../../../db/read/posts.ts";
import { waitOf, waitsForAccount } from "../waits.ts";
import { STATUS_WORDS } from "../words.ts";
import { Chip } from "./small.tsx";
import { Time } from "./time.tsx";

/** `zone`: of its persona. `now`: ms since the epoch. */
export function StatusChip({ post, zone, now }: {
  post: Pick<PostRead, "status" | "nextTryAt" | "account">;
  zone: string;
  now: number;
}) {
  if (waitsForAccount(post)) return <Chip tone="warn">waits for its account</Chip>;
  const wait = waitOf(post, now);
  if (wait !== null) {
    return (
      <Chip tone="warn">
        waits until <Time at={wait} zone={zone} now={now} />
      </Chip>
    );
  }
  const { text, tone } = STATUS_WORDS[post.status];
  return <Chip tone={tone}>{text}</Chip>;
}
