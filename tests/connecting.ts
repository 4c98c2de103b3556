/** Test equipment: a person's browser before the whole app, which knows the stand-ins for X and LinkedIn. */
import type { LinkingOptions } from "../actors/supervisor/linking/linking.ts";
import type { ActorSettings } from "../actors/persona/protocol.ts";
import { testOn } from "./database.ts";
import { type LinkedInStandIn, startLinkedInStandIn } from "./stand_ins/linkedin/stand_in.ts";
import { startXStandIn, type XStandIn } from "./stand_ins/x/stand_in.ts";
import { ORIGIN, type Site, withSite } from "./whole_app.ts";

export const STANDING = { operatedBy: "Fern Street Observatory", kind: "fictional", disclose: "on" };

export interface World extends Site {
  x: XStandIn;
  linkedin: LinkedInStandIn;
  /** What linking takes for now, ahead of the system's clock. */
  clock: { ahead: number };
  ann: Browser;
  /** Another session of the same person. */
  elsewhere(): Promise<Browser>;
  /** What was written to the program's own output meanwhile. */
  output: string[];
}

export interface Seen {
  status: number;
  text: string;
  headers: Headers;
  /** Where the browser goes next, as a path where that is on our side; empty where it stays. */
  to: string;
}

/** Sends what a browser with our script would send, and follows nothing by itself. */
export class Browser {
  /** Every page and answer that it has seen. */
  readonly seen: string[] = [];

  constructor(readonly hono: Site["hono"], readonly cookie: string, readonly origin = ORIGIN) {}

  async get(address: string): Promise<Seen> {
    const { pathname, search } = new URL(address, this.origin);
    return await this.#read(
      await this.hono.request(`${ORIGIN}${pathname}${search}`, {
        headers: { host: "127.0.0.1", accept: "text/html", ...this.#cookie() },
      }),
    );
  }

  async post(path: string, fields: Record<string, string>): Promise<Seen> {
    return await this.#read(
      await this.hono.request(ORIGIN + path, {
        method: "POST",
        headers: {
          host: "127.0.0.1",
          origin: this.origin,
          "x-digi-persona": "1",
          "hx-request": "true",
          ...this.#cookie(),
        },
        body: new URLSearchParams(fields),
      }),
    );
  }

  #cookie(): Record<string, string> {
    return this.cookie === "" ? {} : { cookie: this.cookie };
  }

  async #read(answer: Response): Promise<Seen> {
    const text = await answer.text();
    this.seen.push(text);
    const to = answer.headers.get("hx-redirect") ?? answer.headers.get("location") ?? "";
    return { status: answer.status, text, headers: answer.headers, to };
  }
}

export interface WorldOptions {
  /** `PUBLIC_URL`, with a proxy before the app. */
  publicUrl?: string;
  /** The operator's own apps, as the settings name them. */
  appsInSettings?: boolean;
  /** Of the operator's settings. */
  linkedInSettings?: Pick<ActorSettings["linkedIn"], "callsADay" | "memberAnalytics">;
}

export function testConnecting(
  name: string,
  test: (world: World) => Promise<void>,
  { publicUrl, appsInSettings = false, linkedInSettings = {} }: WorldOptions = {},
): void {
  const origin = publicUrl ?? ORIGIN;
  testOn("embedded", name, async (database) => {
    const x = await startXStandIn({
      redirectUris: [`${origin}/oauth/x/callback`],
      accounts: [{ username: "marisol_ink", name: "Marisol" }, { username: "tide_table", name: "Tide" }],
    });
    const linkedin = await startLinkedInStandIn({
      application: { redirectUris: [`${origin}/oauth/linkedin/callback`] },
      limits: { application: 1_000_000, member: 1_000_000 },
    });
    const clock = { ahead: 0 };
    const linking: Partial<LinkingOptions> = {
      now: () => Date.now() + clock.ahead,
      x: { apiOrigin: x.origin, webOrigin: x.origin, app: appsInSettings ? x.app : null },
      linkedIn: {
        apiOrigin: linkedin.origin,
        webOrigin: linkedin.webOrigin,
        version: "202610",
        memberAnalytics: linkedInSettings.memberAnalytics,
        app: appsInSettings ? linkedin.application : null,
      },
    };
    const said = listen();
    try {
      await withSite(database, async (site) => {
        site.actor.linkedIn = { version: "202610", webOrigin: linkedin.webOrigin, ...linkedInSettings };
        const ann = new Browser(site.hono, site.ownerCookie, origin);
        const elsewhere = async () => {
          const [user] = await site.database.sql.query<{ id: string; at: string }>(
            "select id, password_changed_at as at from access_user",
          );
          const id = await site.access.sessions.open(
            { id: user?.id ?? "", passwordChangedAt: user?.at ?? "" },
            { address: "", userAgent: "" },
          );
          return new Browser(site.hono, `${site.ownerCookie.split("=")[0]}=${id}`, origin);
        };
        await test({ ...site, x, linkedin, clock, ann, elsewhere, output: said.lines });
      }, { linking, origin, settings: publicUrl === undefined ? {} : { PUBLIC_URL: publicUrl } });
    } finally {
      said.stop();
      await x.stop();
      await linkedin.stop();
    }
  });
}

/** Notes what is written to the console, and lets it through. */
function listen(): { lines: string[]; stop(): void } {
  const lines: string[] = [];
  const names = ["log", "info", "warn", "error", "debug"] as const;
  const before = names.map((name) => console[name]);
  for (const [index, name] of names.entries()) {
    console[name] = (...words: unknown[]) => {
      lines.push(words.map((word) => word instanceof Error ? `${word.stack}` : String(word)).join(" "));
      before[index]?.(...words);
    };
  }
  return {
    lines,
    stop: () => void names.forEach((name, index) => console[name] = before[index] ?? (() => {})),
  };
}
