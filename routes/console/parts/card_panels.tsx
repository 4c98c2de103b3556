/** What opens below a card: edit, reject, write again, a time, where an uncertain post is. One form each. */
import type { Child } from "hono/jsx";
import { limitsOf } from "../../../actors/persona/platforms/limits.ts";
import type { PostRead } from "../../../db/read/posts.ts";
import type { Attempt, CardProps } from "./card.tsx";
import { canBeHeld, isWriting } from "./card.tsx";
import { Input, TextArea } from "./field.tsx";
import { Post } from "./small.tsx";

/** Where a card's forms are sent. */
export const address = (post: PostRead, command: string) =>
  `/personas/${post.persona}/posts/${post.id}/${command}`;

export function Panels(props: CardProps) {
  const { post, persona, attempt } = props;
  const open = (panel: Attempt["panel"]) => attempt?.panel === panel;
  const typed = (panel: Attempt["panel"], name: string, otherwise: string) =>
    open(panel) ? attempt?.typed[name] ?? otherwise : otherwise;
  const errors = (panel: Attempt["panel"]) => open(panel) ? attempt?.errors ?? {} : {};
  const shared = { post, open };
  const voids = post.approval !== null;
  const { maxGraphemes } = limitsOf(post.platform);
  if (isWriting(post) || ["published", "rejected", "failed", "withdrawn"].includes(post.status)) return null;
  const hold = canBeHeld(props) && (
    <Panel {...shared} panel="hold" command="hold" says="Hold it">
      <TextArea
        name="reason"
        label="Why?"
        rows={2}
        hint="It does not go out until a person lets it. May be empty."
        scope={`hold-${post.id}`}
        value={typed("hold", "reason", "")}
        errors={errors("hold")}
      />
    </Panel>
  );
  if (post.status === "publishing") return <>{hold}</>;
  return (
    <>
      {hold}
      {post.content !== null && (
        <Panel
          {...shared}
          panel="edit"
          command="revise"
          says={voids ? "Save · it has to be approved again" : "Save the text"}
        >
          <TextArea
            name="text"
            label="Text"
            class="big"
            scope={`edit-${post.id}`}
            value={typed("edit", "text", post.text)}
            errors={errors("edit")}
            data-count={String(maxGraphemes)}
            data-original={post.text}
          />
          <span class="count small soft" data-counter=""></span>
          <div class="diff" data-diff="" aria-label="What you changed" hx-ignore=""></div>
        </Panel>
      )}
      {post.content !== null && (
        <Panel {...shared} panel="reject" command="reject" says="Reject it">
          <TextArea
            name="reason"
            label="Why not?"
            rows={2}
            hint="So that the next draft is better; kept with the post."
            scope={`reject-${post.id}`}
            value={typed("reject", "reason", "")}
            errors={errors("reject")}
          />
        </Panel>
      )}
      {post.content !== null && (
        <Panel {...shared} panel="rewrite" command="rewrite" says="Write it again">
          <TextArea
            name="reason"
            label="What should be different?"
            rows={2}
            hint="The writer sees the draft and this. May be empty."
            scope={`rewrite-${post.id}`}
            value={typed("rewrite", "reason", "")}
            errors={errors("rewrite")}
          />
        </Panel>
      )}
      {["pending_review", "approved", "scheduled"].includes(post.status) && (
        <Panel
          {...shared}
          panel="schedule"
          command="schedule"
          says="Set the time"
          also={post.status === "pending_review" && post.prepared ? "Approve for this time" : undefined}
        >
          <input type="hidden" name="contentHash" value={post.contentHash ?? ""} />
          <div class="two">
            <Input
              type="datetime-local"
              name="at"
              label="Goes out at"
              scope={`schedule-${post.id}`}
              value={typed("schedule", "at", localOf(post, persona.zone))}
              errors={errors("schedule")}
              required
            />
            <Input
              name="zone"
              label="Time zone"
              list="zones"
              scope={`schedule-${post.id}`}
              value={typed("schedule", "zone", post.slot?.zone ?? persona.zone)}
              errors={errors("schedule")}
              required
            />
          </div>
        </Panel>
      )}
      {post.status === "uncertain" && (
        <Panel {...shared} panel="resolve" command="resolve" says="It went out">
          <input type="hidden" name="outcome" value="went_out" />
          <Input
            type="url"
            name="url"
            label="Where is it? (may be empty)"
            scope={`resolve-${post.id}`}
            value={typed("resolve", "url", "")}
            errors={errors("resolve")}
          />
        </Panel>
      )}
    </>
  );
}

function localOf(post: PostRead, zone: string): string {
  if (post.slot === null) return "";
  return Temporal.Instant.from(new Date(post.slot.at).toISOString()).toZonedDateTimeISO(
    post.slot.zone || zone,
  )
    .toPlainDateTime().toString({ smallestUnit: "minute" });
}

function Panel({ post, panel, open, command, says, also, children }: {
  post: PostRead;
  panel: Attempt["panel"];
  open: (panel: Attempt["panel"]) => boolean;
  command: string;
  says: string;
  /** A second way to send it, which also approves. */
  also?: string;
  children?: Child;
}) {
  return (
    <div id={`${panel}-${post.id}`} data-panel={panel} hidden={!open(panel)}>
      <Post action={address(post, command)} class="panel-form" data-keep={`${panel}-${post.id}`}>
        {children}
        <div class="row">
          {also !== undefined && <button class="btn go" name="also" value="approve">{also}</button>}
          <button class={also === undefined ? "btn go" : "btn"}>{says}</button>
          <button class="btn quiet" type="button" data-closes="">Cancel</button>
        </div>
      </Post>
    </div>
  );
}
