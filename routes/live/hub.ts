/** Committed events to open pages: each batch rendered once, sent to every socket that looks at it and may see it. */
import type { Context } from "hono";
import type { EventLog, StoredEvent } from "../../db/log/log.ts";
import type { SupervisorPort } from "../../actors/supervisor/supervisor_port.ts";
import type { Access } from "../access/access.ts";
import type { Principal } from "../access/authorize.ts";
import { authorize } from "../access/authorize.ts";
import { principalOf, sessionOf } from "../access/middleware.ts";
import { problem } from "../problem.ts";
import { CLOSE_FORBIDDEN, CLOSE_RESTART, CLOSE_SLOW, LiveSocket } from "./live_socket.ts";
import { Pace } from "./pace.ts";
import { type LiveFragment, type LiveSource, PACED } from "./source.ts";

/** Sockets of one user or token at once. */
export const MAX_SOCKETS_PER_PRINCIPAL = 30;
/** Topics of one page. */
const MAX_TOPICS = 20;
/** Batches that wait to be rendered; past it the pages are asked to come back for the state. */
const MAX_WAITING = 2_000;
/** ms between two checks that an open socket's session or token still holds. */
const RECHECK_MS = 20_000;
/** ms between two drawings of what is in no event, such as memory: at least, when something changed, and at most. */
const PACE_MS = { least: 1_000, most: 3_000 };
/** ms that pages get to take the reason of the end, before the server drops what is left. */
const FAREWELL_MS = 500;

export interface LiveOptions {
  log: EventLog;
  supervisor: SupervisorPort;
  access: Pick<Access, "onEnd" | "stillHolds">;
  source: LiveSource;
  report(text: string): void;
}

interface Open {
  socket: LiveSocket;
  principal: Principal;
  /** Key of the session or id of the token, for closing it when that ends. */
  holder: string;
  topics: ReadonlySet<string>;
  stillHolds(): Promise<boolean>;
  /** Resolves when the connection has ended. */
  ended: Promise<void>;
}

export class LiveHub {
  #options: LiveOptions;
  #open = new Set<Open>();
  #waiting: StoredEvent[][] = [];
  #rendering = false;
  #position: number;
  #stops: (() => void)[];
  #pace: Pace;
  #recheck: ReturnType<typeof setInterval>;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#position = options.log.head;
    const { log, supervisor, access, source } = options;
    this.#pace = new Pace({
      leastMs: PACE_MS.least,
      mostMs: PACE_MS.most,
      isWanted: () => this.#paced().size > 0,
      draw: () => this.#drawPaced(),
    });
    this.#stops = [
      log.subscribe((events) => this.#take(events)),
      supervisor.onProgress((progress) => this.#pass(source.progress(progress))),
      supervisor.onStatus((status) => void this.#passStatus(status.personaId)),
      supervisor.onStatus(() => this.#pace.touch()),
      access.onEnd((ending) => this.#end(ending.id)),
    ];
    this.#recheck = setInterval(() => void this.#recheckAll(), RECHECK_MS);
  }

  /** Pages that are live; one that was given up counts no more, though its connection may take long to end. */
  get sockets(): number {
    return [...this.#open].filter(({ socket }) => !socket.closed).length;
  }

  /** `GET /live?topics=a,b&after=N`, as a WebSocket. */
  handle(c: Context): Response {
    const bad = (field: string, detail: string) =>
      problem(c, 400, { title: "Invalid request", detail, field, code: "invalid" });
    if (c.req.header("upgrade")?.toLowerCase() !== "websocket") {
      c.header("upgrade", "websocket");
      return problem(c, 426, {
        title: "Upgrade required",
        detail: "This is a WebSocket.",
        code: "upgrade_required",
      });
    }
    const topics = (c.req.query("topics") ?? "").split(",").filter((topic) => topic !== "");
    if (topics.length > MAX_TOPICS || topics.some((topic) => !/^[a-z]+(:[\w-]{1,64})?$/.test(topic))) {
      return bad("topics", `topics must be at most ${MAX_TOPICS} names apart by commas, such as feed,review`);
    }
    const after = c.req.query("after") ?? "0";
    if (!/^\d{1,15}$/.test(after)) return bad("after", "after must be the position of an event, or 0");
    const principal = principalOf(c);
    const session = sessionOf(c);
    const holder = session?.key ?? ("id" in principal ? principal.id : principal.kind);
    const own = [...this.#open].filter((one) => nameOf(one.principal) === nameOf(principal)).length;
    if (own >= MAX_SOCKETS_PER_PRINCIPAL) {
      const detail = `At most ${MAX_SOCKETS_PER_PRINCIPAL} pages can be live at once: close some.`;
      return problem(c, 429, { title: "Too many open pages", detail, code: "too_many_sockets" });
    }
    const { socket, response } = Deno.upgradeWebSocket(c.req.raw, { idleTimeout: 30 });
    this.#attach(socket, {
      principal,
      holder,
      topics: new Set(topics),
      stillHolds: () => this.#options.access.stillHolds(principal, session),
    }, Math.min(Number(after), this.#options.log.head));
    return response;
  }

  #attach(socket: WebSocket, about: Omit<Open, "socket" | "ended">, after: number): void {
    const mayRead = () =>
      authorize(about.principal, "live.read", null).allowed &&
      [...about.topics].every((topic) =>
        PACED.test(topic)
          ? authorize(about.principal, "runtime.read", null).allowed
          : authorize(about.principal, "persona.read", personaOf(topic)).allowed
      );
    const live = new LiveSocket(
      {
        get bufferedAmount() {
          return socket.bufferedAmount;
        },
        send: (data) => {
          if (socket.readyState === WebSocket.OPEN) socket.send(data);
        },
        close: (code, reason) => {
          if (socket.readyState <= WebSocket.OPEN) socket.close(code, reason);
        },
      },
      after,
      mayRead,
    );
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const open: Open = { ...about, socket: live, ended };
    this.#open.add(open);
    this.#pace.look();
    socket.onopen = () => void this.#sendState(open, after);
    socket.onmessage = () => live.close(CLOSE_FORBIDDEN, "this socket only tells");
    socket.onerror = () => live.gone();
    socket.onclose = () => {
      live.gone();
      this.#open.delete(open);
      end();
    };
  }

  async #sendState(open: Open, after: number): Promise<void> {
    try {
      const { position, html } = await this.#options.source.state([...open.topics], after);
      open.socket.state(position, html);
    } catch (error) {
      this.#options.report(`live: the state could not be read: ${messageOf(error)}`);
      open.socket.close(CLOSE_SLOW, "the state could not be read");
    }
  }

  #take(events: StoredEvent[]): void {
    this.#waiting.push(events);
    if (this.#waiting.length > MAX_WAITING) {
      this.#waiting = [];
      this.#closeAll(CLOSE_SLOW, "too much happened at once");
    }
    if (!this.#rendering) void this.#renderAll();
  }

  /** One committed batch after the other: a state that a page was sent lies between two of them, never within one. */
  async #renderAll(): Promise<void> {
    this.#rendering = true;
    for (let events = this.#waiting.shift(); events !== undefined; events = this.#waiting.shift()) {
      const position = events.at(-1)?.position ?? this.#position;
      if (this.#open.size > 0) {
        try {
          this.#send(position, await this.#options.source.render(events, this.#wanted()));
        } catch (error) {
          this.#options.report(`live: events could not be shown: ${messageOf(error)}`);
          // Pages must not pass over what they were not shown: they come back and read the state.
          this.#closeAll(CLOSE_SLOW, "events could not be shown");
        }
      }
      this.#position = position;
    }
    this.#rendering = false;
  }

  /** What somebody looks at now. Who comes later is sent the state. */
  #wanted(): ReadonlySet<string> {
    return new Set([...this.#open].flatMap(({ topics }) => [...topics]));
  }

  #send(position: number, fragments: LiveFragment[]): void {
    for (const { socket, topics } of this.#open) {
      socket.tail(
        position,
        fragments.filter(({ topic }) => topics.has(topic)).map(({ html }) => html).join("\n"),
      );
    }
  }

  #pass(fragments: LiveFragment[]): void {
    for (const { socket, topics } of this.#open) {
      const html = fragments.filter(({ topic }) => topics.has(topic)).map((fragment) => fragment.html).join(
        "\n",
      );
      if (html !== "") socket.passing(html);
    }
  }

  #paced(): ReadonlySet<string> {
    return new Set([...this.#wanted()].filter((topic) => PACED.test(topic)));
  }

  async #drawPaced(): Promise<void> {
    try {
      this.#pass(await this.#options.source.paced(this.#paced()));
    } catch (error) {
      this.#options.report(`live: the runtime could not be shown: ${messageOf(error)}`);
    }
  }

  async #passStatus(personaId: string): Promise<void> {
    if (this.#open.size === 0) return;
    try {
      this.#pass(await this.#options.source.status(personaId, this.#wanted()));
    } catch (error) {
      this.#options.report(`live: a status could not be shown: ${messageOf(error)}`);
    }
  }

  #end(holder: string): void {
    for (const open of this.#open) {
      if (open.holder === holder) open.socket.close(CLOSE_FORBIDDEN, "the session is over");
    }
  }

  async #recheckAll(): Promise<void> {
    for (const open of [...this.#open]) {
      try {
        if (!(await open.stillHolds())) open.socket.close(CLOSE_FORBIDDEN, "the session is over");
      } catch (error) {
        this.#options.report(`live: a session could not be checked: ${messageOf(error)}`);
      }
    }
  }

  #closeAll(code: number, reason: string): void {
    for (const { socket } of this.#open) socket.close(code, reason);
  }

  /** The program ends: pages come back when it is up again. Resolves when they know, or do not listen. */
  async close(): Promise<void> {
    clearInterval(this.#recheck);
    this.#pace.close();
    for (const stop of this.#stops) stop();
    const ended = Promise.all([...this.#open].map((one) => one.ended));
    this.#closeAll(CLOSE_RESTART, "restarting");
    this.#open.clear();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => timer = setTimeout(resolve, FAREWELL_MS));
    await Promise.race([ended, late]);
    clearTimeout(timer);
  }
}

function nameOf(principal: Principal): string {
  return "id" in principal ? `${principal.kind}:${principal.id}` : principal.kind;
}

function personaOf(topic: string): string | null {
  return topic.split(":")[1] ?? null;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
