/** What can be done with a post, by its status. Each button says its consequence, each key is shown. */
import type { Child } from "hono/jsx";
import type { PostRead } from "../../../db/read/posts.ts";
import type { Attempt, CardProps } from "./card.tsx";
import { canBeHeld, isWriting } from "./card.tsx";
import { address, Panels } from "./card_panels.tsx";
import { allVerdicts, COORDINATED, OutcomeButtons, OutcomePanels, Price, Together } from "./card_outcome.tsx";
import { Opener, Post } from "./small.tsx";
import { say, zoneName } from "./time.tsx";

/** Seconds in which an approval can be taken back: it is sent only then, so until then nothing was approved. */
const TAKE_BACK_SECONDS = "10";

export function CardActions(props: CardProps) {
  const { post } = props;
  const buttons = buttonsFor(props);
  return (
    <>
      {post.status === "pending_review" && <Together more={props.more} />}
      <div class="acts">
        {buttons}
        {canBeHeld(props) && <Open post={post} panel="hold">Hold this post</Open>}
        <a class="why" href={`/posts/${post.id}/why`}>Why this?</a>
      </div>
      <Panels {...props} />
      <OutcomePanels {...props} />
    </>
  );
}

function buttonsFor({ post, now, more }: CardProps): Child {
  if (isWriting(post)) return <Act post={post} command="withdraw" quiet>Stop writing this</Act>;
  switch (post.status) {
    case "draft":
      return post.content === null
        ? (
          <>
            <Act post={post} command="rewrite" go>
              Try again <kbd>G</kbd>
            </Act>
            <Act post={post} command="withdraw" quiet>Drop it</Act>
          </>
        )
        : (
          <>
            <Act post={post} command="submit" go>Submit for review</Act>
            <Open post={post} panel="edit" letter="E">Edit</Open>
            <Open post={post} panel="rewrite" letter="G">Rewrite</Open>
            <Act post={post} command="withdraw" quiet>Withdraw</Act>
          </>
        );
    case "pending_review":
      return (
        <>
          <Approvals {...{ post, now, more }} />
          <Open post={post} panel="edit" letter="E">Edit</Open>
          <Open post={post} panel="reject" letter="R">Reject</Open>
          <Open post={post} panel="rewrite" letter="G">Rewrite</Open>
          <Open post={post} panel="schedule">{post.slot === null ? "Set a time" : "Change the time"}</Open>
        </>
      );
    case "approved":
      return (
        <>
          <TakeBack post={post} command="publish" label="Publish now" />
          <Price post={post} />
          <Open post={post} panel="schedule">Set a time</Open>
          <Open post={post} panel="edit" letter="E">Edit</Open>
          <Act post={post} command="withdraw" quiet>Withdraw</Act>
        </>
      );
    case "scheduled":
      return (
        <>
          <TakeBack post={post} command="publish" label="Publish now instead" quiet />
          <Price post={post} />
          <Open post={post} panel="schedule">Change the time</Open>
          <Act post={post} command="unschedule">Take the time off</Act>
          <Open post={post} panel="edit" letter="E">Edit</Open>
          <Act post={post} command="withdraw" quiet>Withdraw</Act>
        </>
      );
    case "publishing":
      return (
        <>
          {post.nextTryAt !== null && <Act post={post} command="withdraw" quiet>Withdraw</Act>}
          <a class="small soft" href={`/posts/${post.id}`}>All of this post</a>
        </>
      );
    case "expired":
      return (
        <>
          <Act post={post} command="submit" go>Submit for review again</Act>
          <Open post={post} panel="edit" letter="E">Edit</Open>
          <Open post={post} panel="reject" letter="R">Reject</Open>
        </>
      );
    case "published":
      return (
        <>
          <OutcomeButtons post={post} />
          <a class="small soft" href={`/posts/${post.id}`}>All of this post</a>
        </>
      );
    default:
      return <a class="small soft" href={`/posts/${post.id}`}>All of this post</a>;
  }
}

/** A finding that blocks leaves none, but for the one that a person may let pass who has seen the posts together. */
function Approvals({ post, now, more }: Pick<CardProps, "post" | "now" | "more">) {
  const blocks = allVerdicts(post, more).filter(({ level }) => level === "block");
  const { posts: beside, others } = more?.companions ?? { posts: [], others: 0 };
  if (others > 0 || blocks.some(({ rule }) => rule !== COORDINATED)) return null;
  const together = blocks.length > 0;
  const seen: Record<string, string> = together
    ? { acknowledged: COORDINATED, seen: beside.map(({ id }) => id).join(",") }
    : {};
  const approve = together ? "Approve together" : "Approve";
  if (!post.prepared || post.contentHash === null) {
    return <button class="btn go" type="button" disabled>Approve · links are being looked up</button>;
  }
  if (post.slot !== null && Date.parse(post.slot.at) > now) {
    const time = `${say(post.slot.at, post.slot.zone, "short", now)} (${zoneName(post.slot.zone)})`;
    return (
      <>
        <TakeBack
          post={post}
          command="approve"
          fields={seen}
          label={`${approve} · goes out ${time}`}
          letter="A"
        />
        <Price post={post} />
      </>
    );
  }
  return (
    <>
      <TakeBack
        post={post}
        command="approve"
        fields={{ then: "publish", ...seen }}
        label={`${approve} and publish now`}
        letter="A"
      />
      <TakeBack
        post={post}
        command="approve"
        fields={seen}
        label={approve}
        quiet
        title="Approves the text; it goes out when somebody says so"
      />
      <Price post={post} />
    </>
  );
}

/** An approval or a publication: sent ten seconds later, and until then it can be taken back. */
function TakeBack({ post, command, fields = {}, label, letter, quiet = false, title }: {
  post: PostRead;
  command: string;
  fields?: Record<string, string>;
  label: string;
  letter?: string;
  quiet?: boolean;
  title?: string;
}) {
  return (
    <Post
      action={address(post, command)}
      fields={{ contentHash: post.contentHash ?? "", ...fields }}
      data-take-back={TAKE_BACK_SECONDS}
    >
      <button class={quiet ? "btn" : "btn go"} data-key={letter} data-says={label} title={title}>
        {label} {letter !== undefined && <kbd>{letter}</kbd>}
      </button>
    </Post>
  );
}

function Act({ post, command, fields, go = false, quiet = false, children }: {
  post: PostRead;
  command: string;
  fields?: Record<string, string>;
  go?: boolean;
  quiet?: boolean;
  children?: Child;
}) {
  return (
    <Post action={address(post, command)} fields={fields}>
      <button
        class={`btn ${go ? "go" : ""} ${quiet ? "quiet" : ""}`}
        data-key={go && command === "rewrite" ? "G" : undefined}
      >
        {children}
      </button>
    </Post>
  );
}

/** Opens a panel of the card. */
export function Open({ post, panel, letter, children }: {
  post: PostRead;
  panel: Attempt["panel"];
  letter?: string;
  children?: Child;
}) {
  return <Opener id={`${panel}-${post.id}`} letter={letter}>{children}</Opener>;
}
