/** For previews and tests: posts on X and LinkedIn as far as one wants them to go, without X and LinkedIn. */
import { hashJson } from "../actors/persona/content.ts";
import type {
  Facet,
  Interaction,
  Metrics,
  Outcome,
  Platform,
  Reconciled,
} from "../actors/persona/platforms/port.ts";
import type { ConsoleSite } from "./console_site.ts";

/** An account of the persona there; its id. */
export async function connect(site: ConsoleSite, personaId: string, platform: Platform, handle: string) {
  const connectionId = crypto.randomUUID();
  const { identity } = await site.supervisor.state(personaId);
  if (identity.operatedBy === "") {
    await site.give(personaId, { type: "edit", changes: { operatedBy: "City Arboretum" } });
  }
  await site.give(personaId, {
    type: "link",
    connection: {
      connectionId,
      platform,
      accountId: platform === "linkedin" ? "urn:li:organization:4711" : `${platform}-${personaId}`,
      handle,
      service: `https://api.${platform}.example`,
      disclosure: "profile_label",
    },
  });
  return connectionId;
}

/** A text that waits for review, its links looked up. */
export async function waiting(
  site: ConsoleSite,
  personaId: string,
  platform: Platform,
  texts: string[],
): Promise<string> {
  const postId = crypto.randomUUID();
  await site.give(personaId, { type: "write", platform, postId, parts: texts.map((text) => ({ text })) });
  await lookedUp(site, personaId, postId);
  return postId;
}

/** What preparation would find: what stands there; for an answer, what it answers. */
export async function lookedUp(site: ConsoleSite, personaId: string, postId: string): Promise<void> {
  const post = (await site.supervisor.state(personaId)).posts[postId];
  if (post?.content == null || post.prepared) return;
  await committed(site.supervisor.internal(personaId, {
    type: "prepared",
    postId,
    revision: post.revision,
    parts: post.content.parts.map((part) => ({
      ...part,
      facets: facetsOf(part.text),
      weight: part.text.length,
    })),
    ...(post.answering === null ? {} : { found: { id: `there-${post.answering.interactionId}` } }),
  }));
}

/** Links and tags of a text in ASCII. */
function facetsOf(text: string): Facet[] {
  return [...text.matchAll(/https:\/\/\S+|#(\w+)/g)].map(({ 0: found, 1: tag, index }) => ({
    start: index,
    end: index + found.length,
    ...(tag === undefined ? { kind: "link" as const, uri: found } : { kind: "tag" as const, tag }),
  }));
}

/** Approved and sent once, with this outcome. */
export async function sent(
  site: ConsoleSite,
  personaId: string,
  postId: string,
  outcome: Outcome,
): Promise<void> {
  const contentHash = (await site.supervisor.state(personaId)).posts[postId]?.contentHash ?? "";
  await site.give(personaId, { type: "approve", postId, contentHash, then: { kind: "publish" } });
  await committed(site.supervisor.attempt(personaId, postId, outcome));
}

/** A look at the platform for a post in doubt. */
export async function lookedFor(
  site: ConsoleSite,
  personaId: string,
  postId: string,
  result: Reconciled,
): Promise<void> {
  const attempt = (await site.supervisor.state(personaId)).posts[postId]?.publish?.attempts ?? 1;
  await committed(site.supervisor.internal(personaId, { type: "reconciled", postId, attempt, result }));
}

export async function counted(
  site: ConsoleSite,
  personaId: string,
  postId: string,
  metrics: Partial<Metrics>,
): Promise<void> {
  const none: Metrics = {
    likes: null,
    reposts: null,
    replies: null,
    quotes: null,
    bookmarks: null,
    impressions: null,
    reached: null,
    clicks: null,
  };
  const measured = { kind: "counted" as const, metrics: { ...none, ...metrics } };
  await committed(site.supervisor.internal(personaId, { type: "measured", postId, measured }));
}

/** Somebody says something; the interaction's id. */
export async function heard(
  site: ConsoleSite,
  personaId: string,
  connectionId: string,
  said: { text: string; kind?: Interaction["kind"]; about?: string | null; by?: string; summons?: boolean },
): Promise<string> {
  const { text, kind = "mention", about = null, by = "jo.example", summons = true } = said;
  const wordsRef = crypto.randomUUID();
  const answer = await site.supervisor.internal(personaId, {
    type: "polled",
    connectionId,
    cursor: null,
    items: [{
      interaction: { kind, about, at: Date.now() - 60_000 },
      sourceHash: hashJson(wordsRef),
      wordsRef,
      authorHash: hashJson(by),
      summons,
    }],
  }, [{
    id: wordsRef,
    stream: personaId,
    kind: "interaction",
    platform: "sandbox",
    author: by,
    content: { text, authorId: by, authorHandle: by, url: "https://example.com/said/1" },
    purgeAt: null,
  }]);
  if (answer.kind !== "committed") throw new Error(JSON.stringify(answer));
  return String(answer.events[0]?.data.interactionId);
}

async function committed(answer: ReturnType<ConsoleSite["supervisor"]["internal"]>): Promise<void> {
  const { kind, ...rest } = await answer;
  if (kind !== "committed") throw new Error(`${kind}: ${JSON.stringify(rest)}`);
}

/** One of each, for a look at the pages. */
export async function samplePublishing(site: ConsoleSite, one: string, other: string) {
  const third = await site.createPersona({
    name: "Lab Radio",
    zone: "Europe/Lisbon",
    operatedBy: "Lab Radio",
  });
  const x = await connect(site, one, "x", "adafern");
  await connect(site, one, "linkedin", "City Arboretum");
  await connect(site, other, "x", "harbornotes");
  await connect(site, third, "x", "labradio");

  const thread = await waiting(site, one, "x", [
    "Plane trees shed bark the way we shed habits: in plates, when it gets hot.",
    "What is left is thin, pale and green: for some weeks the trunk itself makes sugar.",
    "So a bare plane tree is not ill. It is working.",
  ]);
  await sent(site, one, thread, {
    kind: "uncertain",
    reason: "No answer in 30 s.",
    parts: [{ id: "1858", url: "https://x.com/adafern/status/1858" }],
  });
  for (let look = 0; look < 3; look++) {
    await lookedFor(site, one, thread, { kind: "absent", safeToRepeat: false });
  }
  await lookedFor(site, one, thread, {
    kind: "unknown",
    reason: "Two posts on the timeline have nearly this text.",
    evidence: [
      { id: "1859", url: "https://x.com/adafern/status/1859" },
      { id: "1860", url: "https://x.com/adafern/status/1860" },
    ],
  });
  const page = await waiting(site, one, "linkedin", [
    "Five streets, forty years, one mistake that we keep planting: rows of a single species.",
  ]);
  await sent(site, one, page, { kind: "uncertain", reason: "LinkedIn answered 504 (request 7f3c)." });

  const out = await waiting(site, one, "x", ["Lindens do not drip. Their guests do."]);
  await sent(site, one, out, {
    kind: "sent",
    sent: [{ id: "1861", url: "https://x.com/adafern/status/1861" }],
  });
  await counted(site, one, out, { likes: 1_204, reposts: 88, replies: 31, quotes: 6, impressions: 48_211 });

  const link = "https://example.org/heat-in-the-city";
  for (
    const [id, text] of [[other, "The harbor was cooler than the square again"], [
      third,
      "Heat has a map",
    ]] as const
  ) {
    const postId = await waiting(site, id, "x", [`${text}: ${link} #heatmap`]);
    await sent(site, id, postId, {
      kind: "sent",
      sent: [{ id: postId, url: `https://x.com/i/status/${postId}` }],
    });
  }
  await waiting(site, one, "x", [`Shade is a public good: ${link} #heatmap`]);

  const limited = await waiting(site, other, "x", ["The lamp turns, whether anybody looks or not."]);
  await sent(site, other, limited, {
    kind: "rate_limited",
    until: Date.now() + 2_400_000,
    reason: "X takes no more posts for now",
  });

  const question = await heard(site, one, x, {
    text: "Is it bad for the tree if kids peel it? <b>asking</b> for \u202ea friend",
    kind: "reply",
    about: "1861",
    by: "jo_and_the_kids",
  });
  await heard(site, one, x, {
    text: "nice thread, but my linden disagrees",
    kind: "quote",
    about: "1861",
    by: "linden_fan",
  });
  await heard(site, one, x, { text: "Trees again.", kind: "reply", by: "grump", summons: false });
  const answered = await heard(
    site,
    other,
    Object.keys((await site.supervisor.state(other)).connections)[0] ?? "",
    {
      text: "What time does the fog lift?",
      by: "early.bird",
    },
  );
  await site.give(other, {
    type: "reply",
    interactionId: answered,
    parts: [{ text: "When the gulls say so." }],
  });
  return { thread, page, out, question };
}
