/**
 * A conversation between a worker and its supervisor, over whatever lies between. Frames are numbered, so that a lost one
 * is noticed and a repeated one is not heard twice; and acknowledged, so that only so many are under way.
 * A frame is `<number> <acknowledged> <json>`; one with no JSON acknowledges only.
 */

/** Frames under way in one direction. */
export const WINDOW = 256;
/** Characters under way in one direction; a single larger frame goes alone. */
export const WINDOW_CHARACTERS = 16 * 1024 * 1024;
/** Frames that wait for room; more are a flood. */
export const MAX_WAITING = 8_192;
/** Frames after which they are acknowledged even where there is nothing to say. */
const ACKNOWLEDGE_AFTER = WINDOW / 4;
/** Characters after which they are; so that what goes alone always finds room again. */
const ACKNOWLEDGE_AFTER_CHARACTERS = WINDOW_CHARACTERS / 4;

/** A frame was lost, too many were sent, or it is nonsense: this conversation cannot go on. */
export class LinkBroken extends Error {
  /** What lies between lost it: the other side did nothing wrong. */
  readonly lost: boolean;

  constructor(message: string, lost = false) {
    super(message);
    this.lost = lost;
  }
}

export class Link {
  #post: (frame: string) => void;
  #now: () => number;
  #sent = 0;
  #acknowledged = 0;
  /** Highest number taken from the other side, and the highest that it was told of. */
  #taken = 0;
  #told = 0;
  /** Characters taken that the other side was not told of. */
  #untold = 0;
  /** Sizes of the frames under way, oldest first. */
  #underWay: number[] = [];
  #characters = 0;
  #waiting: string[] = [];
  #oldestSince = 0;
  #roomFor: (() => void)[] = [];

  constructor(post: (frame: string) => void, now: () => number) {
    this.#post = post;
    this.#now = now;
  }

  /** Number of the last frame that went out. */
  get sent(): number {
    return this.#sent;
  }

  /** Number of the last frame that was taken in. */
  get taken(): number {
    return this.#taken;
  }

  /** Since when (ms) the oldest frame under way has not been acknowledged; null where none is under way. */
  get unheardSince(): number | null {
    return this.#underWay.length === 0 ? null : this.#oldestSince;
  }

  /** Whether what is said now would have to wait. */
  get full(): boolean {
    return this.#waiting.length > 0 || !this.#hasRoom(0);
  }

  /** Resolves when nothing waits for room any more. */
  room(): Promise<void> {
    return this.#waiting.length === 0
      ? Promise.resolve()
      : new Promise((resolve) => this.#roomFor.push(resolve));
  }

  /** `json` is one JSON value without a line break. */
  send(json: string): void {
    if (this.#waiting.length === 0 && this.#hasRoom(json.length)) return this.#out(json);
    if (this.#waiting.length >= MAX_WAITING) throw new LinkBroken(`${MAX_WAITING} frames wait already`);
    this.#waiting.push(json);
  }

  /** The JSON of a frame; null for one that was heard before or only acknowledges. Throws `LinkBroken`. */
  take(frame: string): string | null {
    const { number, acknowledged, json } = parts(frame);
    if (number <= this.#taken) return null;
    if (number !== this.#taken + 1) {
      throw new LinkBroken(`frame ${number} came after ${this.#taken}: one was lost`, true);
    }
    this.#taken = number;
    this.acknowledge(acknowledged);
    this.#untold += json.length;
    if (this.#taken - this.#told >= ACKNOWLEDGE_AFTER || this.#untold >= ACKNOWLEDGE_AFTER_CHARACTERS) {
      this.#out("");
    }
    return json === "" ? null : json;
  }

  /** The other side has taken the frames up to `number`. */
  acknowledge(number: number): void {
    if (number > this.#sent) throw new LinkBroken(`frame ${number} was acknowledged before it was sent`);
    if (number <= this.#acknowledged) return;
    for (; this.#acknowledged < number; this.#acknowledged++) this.#characters -= this.#underWay.shift() ?? 0;
    this.#oldestSince = this.#now();
    while (this.#waiting.length > 0 && this.#hasRoom(this.#waiting[0]?.length ?? 0)) {
      this.#out(this.#waiting.shift() ?? "");
    }
    if (this.#waiting.length === 0) { for (const resolve of this.#roomFor.splice(0)) resolve(); }
  }

  #hasRoom(characters: number): boolean {
    return this.#underWay.length === 0 ||
      (this.#underWay.length < WINDOW && this.#characters + characters <= WINDOW_CHARACTERS);
  }

  #out(json: string): void {
    if (this.#underWay.length === 0) this.#oldestSince = this.#now();
    this.#sent++;
    this.#told = this.#taken;
    this.#untold = 0;
    this.#underWay.push(json.length);
    this.#characters += json.length;
    this.#post(`${this.#sent} ${this.#taken} ${json}`);
  }
}

/** Splits a frame without looking into its JSON. Throws `LinkBroken` for what is none. */
export function parts(frame: string): { number: number; acknowledged: number; json: string } {
  const first = frame.indexOf(" ");
  const second = frame.indexOf(" ", first + 1);
  const number = Number(frame.slice(0, first));
  const acknowledged = Number(frame.slice(first + 1, second));
  if (
    first <= 0 || second <= first + 1 || !Number.isSafeInteger(number) ||
    !Number.isSafeInteger(acknowledged) ||
    number < 0 || acknowledged < 0
  ) {
    throw new LinkBroken(`what is no frame: ${frame.slice(0, 40)}`);
  }
  return { number, acknowledged, json: frame.slice(second + 1) };
}
