/** One page's socket: gathers what is new, sends at a steady pace, gives up on a reader that does not read. */

/** Closed because the program restarts: the page comes back by itself. */
export const CLOSE_RESTART = 1012;
/** Closed because the page reads too slowly: it comes back and is sent the state. */
export const CLOSE_SLOW = 1013;
/** Closed because its session is over: it does not come back. */
export const CLOSE_FORBIDDEN = 1008;

/** Bytes that may wait in the socket; past it the page is too slow. */
export const MAX_BUFFERED = 512 * 1024;
/** Characters that may be gathered between two sends. */
const MAX_GATHERED = 1024 * 1024;
/** Least ms between two sends, so that a burst is one message. */
const PACE_MS = 50;

export interface Outlet {
  readonly bufferedAmount: number;
  send(data: string): void;
  close(code: number, reason: string): void;
}

export class LiveSocket {
  #outlet: Outlet;
  #mayRead: () => boolean;
  #now: () => number;
  #gathered: string[] = [];
  #size = 0;
  #position: number;
  #sentPosition: number;
  /** Pieces that came before the state was read; null once it was sent. */
  #early: { position: number; html: string }[] | null = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastSend = 0;
  #closed = false;

  /** `after`: the position that the page has. `mayRead` is asked again before each send. */
  constructor(
    outlet: Outlet,
    after: number,
    mayRead: () => boolean,
    now: () => number = () => performance.now(),
  ) {
    this.#outlet = outlet;
    this.#position = after;
    this.#sentPosition = after;
    this.#mayRead = mayRead;
    this.#now = now;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** What the page looked like at `position`; what came meanwhile follows it. */
  state(position: number, html: string): void {
    if (this.#closed) return;
    const early = this.#early ?? [];
    this.#early = null;
    this.#gather(position, html);
    for (const piece of early) {
      if (piece.position > this.#position) this.#gather(piece.position, piece.html);
    }
    this.#flushSoon();
  }

  /** Something new as of `position`; empty html only moves the position on. */
  tail(position: number, html: string): void {
    if (this.#closed) return;
    if (this.#early !== null) {
      this.#early.push({ position, html });
      if (this.#early.length > 10_000) this.close(CLOSE_SLOW, "too much happened at once");
      return;
    }
    // It was in the state already.
    if (position <= this.#position) return;
    this.#gather(position, html);
    this.#flushSoon();
  }

  /** Something that passes: not in the log, so it moves no position and is not missed. */
  passing(html: string): void {
    if (this.#closed || this.#early !== null) return;
    this.#gather(this.#position, html);
    this.#flushSoon();
  }

  #gather(position: number, html: string): void {
    this.#position = position;
    if (html === "") return;
    this.#gathered.push(html);
    this.#size += html.length;
    if (this.#size > MAX_GATHERED) this.close(CLOSE_SLOW, "too much happened at once");
  }

  #flushSoon(): void {
    if (this.#closed || this.#timer !== undefined) return;
    const wait = this.#lastSend + PACE_MS - this.#now();
    if (wait <= 0) this.#flush();
    else this.#timer = setTimeout(() => this.#flush(), wait);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#closed) return;
    if (!this.#mayRead()) return this.close(CLOSE_FORBIDDEN, "not allowed any more");
    if (this.#outlet.bufferedAmount > MAX_BUFFERED) return this.close(CLOSE_SLOW, "too slow");
    if (this.#gathered.length === 0 && this.#position === this.#sentPosition) return;
    const content = this.#gathered.join("\n");
    this.#gathered = [];
    this.#size = 0;
    this.#sentPosition = this.#position;
    this.#lastSend = this.#now();
    const message = content === "" ? { position: this.#position } : { content, position: this.#position };
    this.#outlet.send(JSON.stringify(message));
  }

  close(code: number, reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#gathered = [];
    this.#early = null;
    this.#outlet.close(code, reason);
  }

  /** The other side is gone. */
  gone(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#gathered = [];
    this.#early = null;
  }
}
