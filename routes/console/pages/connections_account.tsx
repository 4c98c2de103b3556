/** One account of a persona, as it is doing: what it may, what it costs, when a person has to act. */
import type { Child } from "hono/jsx";
import { limitsOf } from "../../../actors/persona/platforms/limits.ts";
import type { Description, LimitWindow } from "../../../actors/persona/platforms/port.ts";
import type { PlatformUse } from "../../../db/platform_use.ts";
import type { ConnectionRead } from "../../../db/read/connections.ts";
import type { PersonaRead } from "../../../db/read/personas.ts";
import { handleWords } from "../account_words.ts";
import { Chip, count, Notice, PlatformChip, plural, Post } from "../parts/small.tsx";
import { ExternalLink, Marked } from "../parts/text.tsx";
import { Time } from "../parts/time.tsx";
import { forecast } from "../parts/until.ts";
import { money } from "../words.ts";

export interface Account {
  connection: ConnectionRead;
  /** Null where nothing is known. */
  description: Description | null;
  use: PlatformUse;
}

export function AccountCard(
  { persona, account, now }: { persona: PersonaRead; account: Account; now: number },
) {
  const { connection, description, use } = account;
  const { platform, health } = connection;
  const { label, real } = limitsOf(platform);
  return (
    <article class={real ? "card" : "card sandbox"} aria-label={`${label}: ${connection.handle}`}>
      <div class="meta">
        <PlatformChip platform={platform} />
        <bdi>
          <Handle connection={connection} />
        </bdi>
        <span class="count">
          since <Time at={connection.linkedAt} zone={persona.zone} now={now} />
        </span>
      </div>
      <div class="body">
        <State {...account} />
        {description?.warnings.filter(() => health === "ok").map((warning) => (
          <Notice tone="warn">{warning}</Notice>
        ))}
        <dl class="dl small">
          <dt>Disclosure</dt>
          <dd>
            {connection.disclosure === "profile_label"
              ? "The profile says that it is automated"
              : "none: nobody outside sees it"}
          </dd>
          <dt>Last call</dt>
          <dd>
            <LastCall use={use} zone={persona.zone} now={now} />
          </dd>
          {description !== null && real && <Promised {...{ connection, description, now }} />}
          {use.windows.length > 0 && (
            <>
              <dt>Limits</dt>
              <dd>
                {use.windows.map((window) => <Window window={window} zone={persona.zone} now={now} />)}
              </dd>
            </>
          )}
          {description?.prices && <Costs prices={description.prices} use={use} />}
        </dl>
        <details class="fold">
          <summary>Account and server</summary>
          <dl class="dl small">
            <dt>Account</dt>
            <dd class="mono">
              <Marked text={connection.accountId} />
            </dd>
            <dt>Server</dt>
            <dd class="mono">{connection.service}</dd>
          </dl>
        </details>
      </div>
      <Acts persona={persona} connection={connection} />
    </article>
  );
}

function State({ connection, description }: Account) {
  if (connection.health === "lost") {
    return (
      <Notice tone="bad">
        <b>Needs attention.</b> <Marked text={connection.reason ?? ""} />{" "}
        Connect it again: what waits goes on by itself.
      </Notice>
    );
  }
  const missing = description?.missingScopes ?? [];
  return (
    <div class="chips">
      {description === null
        ? <Chip tone="bad">! its credentials cannot be read: connect it again</Chip>
        : <Chip tone="ok">✓ works</Chip>}
      {connection.checking && <Chip>being checked</Chip>}
      {connection.reason !== null && !connection.checking && (
        <Chip tone="warn">
          last check: <Marked text={connection.reason} />
        </Chip>
      )}
      {missing.length > 0 && <Chip tone="warn">lacks {missing.join(", ")}</Chip>}
    </div>
  );
}

function LastCall({ use, zone, now }: { use: PlatformUse; zone: string; now: number }) {
  if (use.lastAt === null) return <>none yet</>;
  return (
    <>
      <Time at={use.lastAt} zone={zone} now={now} />
      {use.error === null ? ", went well" : (
        <>
          , failed: <Marked text={use.error} />
          {use.lastOkAt !== null && (
            <>
              {" "}(went well last <Time at={use.lastOkAt} zone={zone} now={now} />)
            </>
          )}
        </>
      )}
    </>
  );
}

const MAY: Record<keyof Description["may"], string> = {
  post: "publish",
  reply: "answer",
  media: "send pictures",
  read: "read mentions and replies",
  measure: "see how posts do",
  delete: "delete",
  readBack: "look for what it sent",
};

/** What an account may do, each with its sign and in words. */
export function MayList({ may }: { may: Description["may"] }) {
  return (
    <div class="chips">
      {(Object.keys(MAY) as (keyof typeof MAY)[]).map((what) => {
        const yes = may[what];
        return (
          <Chip tone={yes === false ? "warn" : yes ? "ok" : ""}>
            <span aria-hidden="true">{yes === null ? "?" : yes ? "✓" : "✗"}</span>{" "}
            <span class="sr">{yes === null ? "perhaps: " : yes ? "may: " : "may not: "}</span>
            {MAY[what]}
          </Chip>
        );
      })}
    </div>
  );
}

const PROMISES: Record<Description["promise"], string> = {
  exactly_once: "exactly once",
  at_most_once: "at most once, then looked for: what may have gone out is never blindly sent again",
  person_decides: "a person decides where it is not clear whether a post went out",
};

function Promised(
  { connection, description, now }: {
    connection: ConnectionRead;
    description: Description;
    now: number;
  },
) {
  const ends = forecast(description, now, { renewedByUse: connection.platform === "bluesky" });
  return (
    <>
      <dt>Access</dt>
      <dd>{ends.tone === "" ? ends.text : <Chip tone={ends.tone}>! {ends.text}</Chip>}</dd>
      <dt>May</dt>
      <dd>
        <MayList may={description.may} />
      </dd>
      <dt>A post goes out</dt>
      <dd>{PROMISES[description.promise]}</dd>
    </>
  );
}

function Window({ window, zone, now }: { window: LimitWindow; zone: string; now: number }) {
  const { name, limit, remaining, resetAt } = window;
  return (
    <div>
      <Marked text={name} />: {limit === 0 ? "none" : `${count(remaining)} of ${count(limit)}`} left until
      {" "}
      <Time at={new Date(resetAt).toISOString()} zone={zone} now={now} />
    </div>
  );
}

const SPENT_FOR: Record<PlatformUse["spent"][number]["what"], [one: string, many: string]> = {
  post: ["post", "posts"],
  reply: ["reply", "replies"],
  read: ["read", "reads"],
  delete: ["deletion", "deletions"],
  media: ["picture", "pictures"],
  other: ["other call", "other calls"],
};

function Costs({ prices, use }: { prices: NonNullable<Description["prices"]>; use: PlatformUse }) {
  const total = use.spent.reduce((sum, { microUsd }) => sum + microUsd, 0);
  const each: [Child, number][] = [
    ["post", prices.post],
    ["post with a link", prices.postWithLink],
    ["reply", prices.reply],
    ["read", prices.read],
    ["deletion", prices.delete],
  ];
  return (
    <>
      <dt>This month</dt>
      <dd>
        <b class="num">{money(total)}</b>
        {use.spent.length > 0 && (
          <span class="soft">
            {" · "}
            {use.spent.map(({ what, count: n, microUsd }) =>
              `${plural(n, ...SPENT_FOR[what])} ${money(microUsd)}`
            ).join(" · ")}
          </span>
        )}
      </dd>
      <dt>Prices</dt>
      <dd>
        {each.map(([what, price], index) => <>{index > 0 && " · "}{what} {money(price)}</>)}
        <span class="soft">, as of {prices.asOf}</span>{" "}
        <ExternalLink href={prices.source}>price list</ExternalLink>
      </dd>
    </>
  );
}

function Acts({ persona, connection }: { persona: PersonaRead; connection: ConnectionRead }) {
  const { id, platform, wordsToModel, health } = connection;
  const at = `/personas/${persona.id}/connections/${id}`;
  const { label, real } = limitsOf(platform);
  const shown = wordsToModel ?? limitsOf(platform).wordsToModel;
  return (
    <div class="acts">
      <Post action={`${at}/check`}>
        <button class="btn">Check now</button>
      </Post>
      {real && persona.kind !== "real_person" && (
        <a
          class={health === "lost" ? "btn go" : "btn"}
          href={`/personas/${persona.id}/connections?connect=${platform}#connect`}
        >
          Connect again
        </a>
      )}
      {platform === "linkedin" && health === "ok" && (
        <Post action={`${at}/words`} fields={{ show: shown ? "no" : "yes" }}>
          <button class="btn" title="Comments are members' data: they are purged after 48 hours either way">
            {shown ? "Stop showing a model what people say there" : "Show what people say there to the model"}
          </button>
        </Post>
      )}
      <details class="fold">
        <summary>Disconnect</summary>
        <Post action={`${at}/unlink`} class="stack">
          <p class="small soft">
            Its credentials are deleted; what was published stays, and what is not out yet waits.
          </p>
          <button class="btn danger">Disconnect from {label}</button>
        </Post>
      </details>
    </div>
  );
}

function Handle({ connection }: { connection: ConnectionRead }) {
  const { platform, handle } = connection;
  const name = handleWords(platform, handle);
  if (platform === "sandbox") {
    return (
      <a class="link" href={`/sandbox?account=${encodeURIComponent(handle)}`}>
        <Marked text={name} />
      </a>
    );
  }
  const address = addressOf(connection);
  return address === null ? <Marked text={name} /> : (
    <ExternalLink href={address}>
      <Marked text={name} />
    </ExternalLink>
  );
}

/** Where people find the account; null where that is not known. */
export function addressOf(
  { platform, handle, accountId, service }: Pick<
    ConnectionRead,
    "platform" | "handle" | "accountId" | "service"
  >,
): string | null {
  switch (platform) {
    case "x":
      return `https://x.com/${encodeURIComponent(handle)}`;
    case "bluesky":
      // A server of one's own is not always part of the public network.
      return service.startsWith("https:") ? `https://bsky.app/profile/${encodeURIComponent(handle)}` : null;
    case "linkedin": {
      const page = /^urn:li:organization:(\d+)$/.exec(accountId)?.[1];
      if (page === undefined) return null;
      return `https://www.linkedin.com/company/${
        handle.startsWith("urn:") ? page : encodeURIComponent(handle)
      }`;
    }
    case "sandbox":
      return null;
    default:
      return platform satisfies never;
  }
}
