import { createLinkedInAdapter } from "../../actors/persona/platforms/linkedin/adapter.ts";
import { readSecret, writeSecret } from "../../actors/persona/platforms/linkedin/secret.ts";
import { readComment } from "../../actors/persona/platforms/linkedin/urn.ts";
import { type Fault, FAULTS } from "../stand_ins/linkedin/faults.ts";
import { startLinkedInStandIn } from "../stand_ins/linkedin/stand_in.ts";
import type { Asked, Stage, StageOptions, StagePlay } from "./stage.ts";

const MEMBER = "mAr1s0l-Q";
const VISITOR = "urn:li:person:t0m_Visit";
export const PAGE = "urn:li:organization:77001";
export const PERSON = `urn:li:person:${MEMBER}`;
/** Lives at the time at which runs begin. */
export const VERSION = "202511";
/** Real ms for one request: what hangs is given up after it. */
const DEADLINE_MS = 200;
const YEAR_MS = 365 * 86_400_000;

/** What is struck while this is asked; the first one most of all. */
const PLACES: Partial<Record<Asked, string[]>> = {
  publish: ["POST /rest/posts", "POST /rest/socialActions", "POST /rest/images", "PUT /dms-uploads/", ""],
  reconcile: ["GET /rest/", ""],
  poll: ["GET /rest/", "POST /oauth"],
  remove: ["DELETE /rest/"],
  metrics: ["GET /rest/"],
};
/** Faults that mean something in one place only. */
const BELONG: Partial<Record<Fault, string>> = {
  image_processing_failed: "PUT /dms-uploads/",
  ghost_duplicate: "POST /rest/posts",
  read_lag: "GET /rest/",
};

export function linkedInPlay(as: "page" | "member"): StagePlay {
  // Of a member nothing is read back.
  const faults = as === "page" ? FAULTS : FAULTS.filter((fault) => fault !== "read_lag");
  return {
    name: `linkedin-${as}`,
    faults,
    maxParts: 1,
    replyImages: false,
    answers: true,
    open: (options) => openLinkedIn(options, as === "page" ? PAGE : PERSON, faults),
    close: () => Promise.resolve(),
  };
}

async function openLinkedIn(
  { now, random, run, deadlineMs = DEADLINE_MS }: StageOptions,
  author: string,
  faults: readonly Fault[],
): Promise<Stage> {
  const limits = { application: 1_000_000, member: 1_000_000 };
  const linkedin = await startLinkedInStandIn({
    now,
    slowMs: 5,
    limits,
    application: { refresh: random.chance(0.5) },
  });
  const { control, application } = linkedin;
  const secrets: string[] = [application.clientSecret];
  let lagsLong = false;
  return {
    webOrigin: linkedin.webOrigin,
    newAdapter: () =>
      createLinkedInAdapter({
        version: VERSION,
        webOrigin: linkedin.webOrigin,
        now,
        deadlineMs,
      }),
    link(connectionId) {
      const { accessToken, expiresAt, refreshToken } = control.grant({ member: MEMBER });
      const secret = writeSecret({
        clientId: application.clientId,
        clientSecret: application.clientSecret,
        author,
        grant: {
          access: accessToken,
          accessUntil: expiresAt,
          refresh: refreshToken === null ? null : { token: refreshToken, until: now() + YEAR_MS },
          scopes: application.scopes,
        },
      });
      secrets.push(accessToken, ...(refreshToken === null ? [] : [refreshToken]));
      return Promise.resolve({
        connection: {
          connectionId,
          platform: "linkedin",
          accountId: readSecret(secret).author,
          handle: "tide",
          service: linkedin.origin,
          disclosure: "profile_label",
        },
        secret,
      });
    },
    secrets: () => secrets,
    speakTo: author === PAGE
      ? (words) => {
        const on = control.post({ by: PAGE, text: `Before: ${words.replace(/\W/g, " ")}` });
        return Promise.resolve(void control.comment({ on, by: VISITOR, text: words }));
      }
      : null,
    said: (text) =>
      Promise.resolve([
        ...control.posts({ author, text }).map((post) => ({
          id: numberOf(post.urn),
          visible: post.deletedAt === null,
          answers: null,
          alts: altsOf(post.content),
        })),
        ...control.comments({ actor: author, text }).map((comment) => ({
          id: numberOf(comment.urn),
          visible: comment.deletedAt === null,
          answers: comment.parent ?? comment.post,
          alts: [],
        })),
      ]),
    trouble(asked, first) {
      const places = PLACES[asked];
      if (places === undefined) return;
      const fault: Fault = first || random.chance(0.4)
        ? faults[run % faults.length] ?? "slow"
        : random.pick(faults);
      const [main = "", ...others] = places;
      const on = BELONG[fault] ??
        (others.length > 0 && random.chance(0.4) ? random.pick(others) : main);
      // A list that lags does so for each look within a minute, or for longer than that.
      // A list that lags matters where something has to be looked for.
      if (fault === "read_lag" && first) control.fail({ fault: "reset_after", on: "POST /rest/posts" });
      const times = fault === "read_lag" ? random.pick([1, 1, 6]) : 1;
      lagsLong ||= times > 1;
      control.fail({ fault, on, times });
    },
    outage: null,
    kill: () => Promise.resolve(control.revoke({ member: MEMBER })),
    mend: () => control.mend(),
    struck: () => control.requests().flatMap(({ fault }) => fault === null ? [] : [fault]),
    // LinkedIn's own refusal of an equal post is the second net: where its lists lag less than a minute, it is not needed.
    blunders: () =>
      control.refused()
        .filter(({ status, refusal }) =>
          (status === 400 && !JSON.stringify(refusal).includes("MEDIA_ASSET")) ||
          (status === 422 && !lagsLong)
        )
        .map(({ method, path, refusal }) => `${method} ${path}: ${JSON.stringify(refusal)}`),
    get lagsLong() {
      return lagsLong;
    },
    close: () => linkedin.stop(),
  };
}

/** A comment has as many URNs as its post has; the number is its own. */
export function numberOf(urn: string): string {
  return readComment(urn)?.id ?? urn;
}

function altsOf(content: Record<string, unknown> | null): string[] {
  const { media, multiImage } = (content ?? {}) as {
    media?: { altText?: string };
    multiImage?: { images: { altText?: string }[] };
  };
  return [...(media === undefined ? [] : [media]), ...(multiImage?.images ?? [])].map(({ altText }) =>
    altText ?? ""
  );
}
