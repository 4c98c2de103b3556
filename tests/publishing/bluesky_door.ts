/** In front of a real PDS: here access ends at once, and what the PDS has taken is remembered, deleted or not. */
import { fetchOnce } from "../../actors/persona/fetch_once.ts";

/** A post as the PDS took it. */
export interface Taken {
  uri: string;
  text: string;
  answers: string | null;
  alts: string[];
}

export interface Door {
  /** Origin, in place of the PDS's. */
  url: string;
  /** Of one account, oldest first. */
  taken(did: string): Taken[];
  /** Every token that was given out to the account. */
  tokens(did: string): string[];
  /** Tokens that were given out to the account so far are refused as expired: the PDS itself lets them live for hours. */
  takeBack(did: string): void;
  /** Resolves when nothing is on its way to the PDS. */
  quiet(): Promise<void>;
  stop(): Promise<void>;
}

const SESSIONS = /\.(createSession|refreshSession)$/;
const PASSED_ON = ["authorization", "content-type", "accept"];

export function openDoor(pdsUrl: string): Door {
  const taken = new Map<string, Taken>();
  const tokens = new Map<string, string>();
  const dead = new Set<string>();
  const underWay = new Set<Promise<Response>>();

  async function pass(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const token = request.headers.get("authorization")?.replace("Bearer ", "") ?? "";
    if (dead.has(token)) return Response.json({ error: "ExpiredToken" }, { status: 400 });
    const body = request.method === "POST" ? await request.bytes() : undefined;
    const headers = PASSED_ON.flatMap((name) => {
      const value = request.headers.get(name);
      return value === null ? [] : [[name, value] as [string, string]];
    });
    const answer = await fetchOnce(pdsUrl + pathname + search, { method: request.method, headers, body });
    const text = await answer.text();
    if (answer.ok && SESSIONS.test(pathname)) {
      const { did, accessJwt, refreshJwt } = JSON.parse(text);
      for (const one of [accessJwt, refreshJwt]) tokens.set(one, did);
    }
    if (answer.ok && pathname.endsWith(".putRecord") && body !== undefined) {
      const { record } = JSON.parse(new TextDecoder().decode(body));
      const { uri } = JSON.parse(text);
      // Again with the same content it is the same post.
      if (!taken.has(uri)) taken.set(uri, { uri, ...contentOf(record) });
    }
    const type = answer.headers.get("content-type") ?? "application/json";
    return new Response(text, { status: answer.status, headers: { "content-type": type } });
  }

  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const passing = pass(request);
    underWay.add(passing);
    try {
      return await passing;
    } finally {
      underWay.delete(passing);
    }
  });
  const of = (did: string) => [...tokens].filter(([, owner]) => owner === did).map(([token]) => token);
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    taken: (did) => [...taken.values()].filter(({ uri }) => uri.startsWith(`at://${did}/`)),
    tokens: of,
    takeBack: (did) => of(did).forEach((token) => dead.add(token)),
    quiet: async () => void await Promise.allSettled(underWay),
    stop: () => server.shutdown(),
  };
}

function contentOf(
  { text, reply, embed }: {
    text: string;
    reply?: { parent: { uri: string } };
    embed?: { images: { alt: string }[] };
  },
): Omit<Taken, "uri"> {
  return { text, answers: reply?.parent.uri ?? null, alts: embed?.images.map(({ alt }) => alt) ?? [] };
}
