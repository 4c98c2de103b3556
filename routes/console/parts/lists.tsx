/** What waits for a person, and what is under way: for one persona or for all. */
import type { Stop } from "../../../actors/supervisor/supervisor_port.ts";
import type { PostRead } from "../../../db/read/posts.ts";
import { Card, needsPerson } from "./card.tsx";
import type { CardMore } from "./card_outcome.tsx";
import { type DeadLettersProps, OpenDeadLetters } from "./dead_letters.tsx";
import { Empty, plural } from "./small.tsx";
import { heldPosts, stopOf } from "./stops.tsx";

export interface ReviewProps {
  /** Commands that failed twice and are neither retried nor dropped; null where they stand elsewhere. */
  letters: DeadLettersProps | null;
  posts: PostRead[];
  /** Name and zone by persona. */
  personas: ReadonlyMap<string, { name: string; zone: string }>;
  users: ReadonlyMap<string, string>;
  stops: readonly Stop[];
  /** What only some posts have, by post. */
  cards: ReadonlyMap<string, CardMore>;
  now: number;
  named: boolean;
  /** There are more than these. */
  more: boolean;
}

export function ReviewList(props: ReviewProps) {
  const { letters, posts, personas, users, stops, cards, now, named, more } = props;
  const waiting = posts.filter(needsPerson);
  const moving = posts.filter((post) => !needsPerson(post));
  const heldByIds = heldPosts(stops);
  // A persona's own page says above what holds all of it.
  const held = ({ id, persona }: PostRead) =>
    heldByIds.get(id) ?? (named ? stopOf(stops, { kind: "persona", personaId: persona }) : null);
  const card = (post: PostRead) => (
    <Card
      post={post}
      persona={personas.get(post.persona) ?? { name: post.personaName ?? "a deleted persona", zone: "UTC" }}
      held={held(post)}
      more={cards.get(post.id)}
      {...{ users, now, named }}
    />
  );
  return (
    <>
      {letters !== null && <OpenDeadLetters {...letters} allAt={allAt(letters)} />}
      <div class="head" id="waiting-head">
        <h2>Waiting for you</h2>
        <span>
          {waiting.length === 0 ? "nothing" : plural(waiting.length, "post")}
          {more ? " and more" : ""}
        </span>
        {!named && <a href="/review">Review all</a>}
      </div>
      {waiting.map(card)}
      {waiting.length === 0 && !letters?.letters.length && (
        <Empty title="Nothing waits for you">
          <p>
            {named
              ? "Drafts of all personas come here for review. Nothing goes out before somebody approved it."
              : "Drafts come here for review. Ask for one in the bar below: /compose about …"}
          </p>
        </Empty>
      )}
      {moving.length > 0 && (
        <div class="head" id="moving-head">
          <h2>Under way</h2>
          <span>{plural(moving.length, "post")}</span>
        </div>
      )}
      {moving.map(card)}
    </>
  );
}

function allAt({ letters, named }: DeadLettersProps): string {
  return named ? "/failed" : `/failed?persona=${letters[0]?.persona ?? ""}`;
}
