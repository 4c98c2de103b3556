/** What opens below a card: edit, reject, write again, a time, where an uncertain post is. One form each. */
import type { Child } from "hono/jsx";
import type { PostRead } from "../../../db/read/posts.ts";
import { EditFields, editorOf } from "../compose/edit_fields.tsx";
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
  if (isWriting(post) || ["published", "rejected", "failed", "withdrawn", "deleted"].includes(post.status)) {
    return null;
  }
  const hold = canBeHeld(props) && <HoldPanel post={post} attempt={attempt} />;
  if (post.status === "publishing") return <>{hold}</>;
  return (
    <>
      {hold}
      {post.content !== null && (
        <Panel
          {...shared}
          panel="edit"
          command="revise"
          editor={editorOf(post)}
          says={voids ? "Save · it has to be approved again" : "Save the text"}
        >
          <EditFields post={post} typed={open("edit") ? attempt?.typed ?? {} : {}} errors={errors("edit")} />
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
    </>
  );
}

export function HoldPanel({ post, attempt }: Pick<CardProps, "post" | "attempt">) {
  const open = attempt?.panel === "hold";
  return (
    <Panel post={post} open={() => open} panel="hold" command="hold" says="Hold it">
      <TextArea
        name="reason"
        label="Why?"
        rows={2}
        hint="It does not go out until a person lets it. May be empty."
        scope={`hold-${post.id}`}
        value={open ? attempt.typed.reason ?? "" : ""}
        errors={open ? attempt.errors : {}}
      />
    </Panel>
  );
}

function localOf(post: PostRead, zone: string): string {
  if (post.slot === null) return "";
  return Temporal.Instant.from(new Date(post.slot.at).toISOString()).toZonedDateTimeISO(
    post.slot.zone || zone,
  )
    .toPlainDateTime().toString({ smallestUnit: "minute" });
}

export function Panel({ post, panel, open, command, editor, says, also, children }: {
  post: PostRead;
  panel: Attempt["panel"];
  open: (panel: Attempt["panel"]) => boolean;
  command: string;
  /** Where an editor's counters and preview are asked for. */
  editor?: string;
  says: string;
  /** A second way to send it, which also approves. */
  also?: string;
  children?: Child;
}) {
  return (
    <div id={`${panel}-${post.id}`} data-panel={panel} hidden={!open(panel)}>
      <Post
        action={address(post, command)}
        class="panel-form"
        data-keep={`${panel}-${post.id}`}
        data-editor={editor}
      >
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
