/** Dates and times as people write them, by one zone's calendar: `tomorrow 9:00`, `Fri 18:30`, `1 Dec 14:30`, `in 2 hours`. Pure. */

export type When =
  | { ok: true; local: string; ms: number }
  /** It is a time, but not one that can be used. */
  | { ok: false; message: string };

const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const CLOCK = String.raw`(?:at\s+)?(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm|h)?`;
const DAY = String
  .raw`today|tonight|tomorrow|(?:on\s+|next\s+)?(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*|\d{4}-\d{2}-\d{2}|(?:on\s+)?\d{1,2}\.?\s+(?:${
  MONTHS.join("|")
})[a-z]*\.?(?:\s+\d{4})?`;

const DAY_THEN_CLOCK = new RegExp(`^(${DAY})(?:\\s+|T|,\\s*)${CLOCK}$`, "i");
const CLOCK_THEN_DAY = new RegExp(`^${CLOCK}\\s+(${DAY})$`, "i");
const CLOCK_ONLY = new RegExp(`^${CLOCK}$`, "i");
const DAY_ONLY = new RegExp(`^(${DAY})$`, "i");
const IN = /^in\s+(an?|\d{1,4})\s+(minutes?|mins?|hours?|h|days?|weeks?)$/i;
const DEADLINE = new RegExp(`^(?:before|by|until|till)\\s+(?:${DAY}|${CLOCK}|noon|midnight)`, "i");

/** Null: this is no time at all, but words. Past days and hours that do not exist are said so. */
export function readWhen(text: string, zone: string, now: number): When | null {
  const words = text.trim().replace(/\s+/g, " ").replace(/\bnoon\b/i, "12:00").replace(
    /\bmidnight\b/i,
    "0:00",
  );
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone);
  if (DEADLINE.test(words)) return no(`“${text}” is a deadline; say when it goes out: Friday 9:00`);

  const span = IN.exec(words);
  if (span !== null) {
    const amount = /^an?$/i.test(span[1] ?? "") ? 1 : Number(span[1]);
    const unit = (span[2] ?? "").toLowerCase();
    const later = unit.startsWith("m")
      ? today.add({ minutes: amount })
      : unit.startsWith("h")
      ? today.add({ hours: amount })
      : unit.startsWith("d")
      ? today.add({ days: amount })
      : today.add({ weeks: amount });
    return at(later.toPlainDateTime().round({ smallestUnit: "minute" }), zone, now, text);
  }

  const first = DAY_THEN_CLOCK.exec(words);
  const second = CLOCK_THEN_DAY.exec(words);
  const bare = CLOCK_ONLY.exec(words);
  if (DAY_ONLY.test(words)) return no(`“${text}” needs an hour: ${text} 9:00`);
  const found = first !== null
    ? { day: first[1], hour: first[2], minute: first[3], half: first[4] }
    : second !== null
    ? { day: second[4], hour: second[1], minute: second[2], half: second[3] }
    : bare !== null
    ? { day: undefined, hour: bare[1], minute: bare[2], half: bare[3] }
    : null;
  if (found === null) return null;
  // A bare number is no time: "9" may end any sentence.
  if (
    found.day === undefined && found.minute === undefined && found.half === undefined && !/^at\s/i.test(words)
  ) return null;
  const clock = clockOf(found.hour, found.minute, found.half);
  if (clock === null) return no(`“${text}” has no such hour.`);
  const day = dayOf(found.day?.toLowerCase(), today, clock);
  if (day === null) return no(`“${text}” is no day of the calendar.`);
  return at(day.toPlainDateTime(clock), zone, now, text);
}

function clockOf(
  hour: string | undefined,
  minute: string | undefined,
  half: string | undefined,
): Temporal.PlainTime | null {
  const value = Number(hour);
  const minutes = Number(minute ?? "0");
  const afternoon = half?.toLowerCase() === "pm";
  const twelve = afternoon || half?.toLowerCase() === "am";
  if (minutes > 59 || (twelve ? value < 1 || value > 12 : value > 23)) return null;
  const hours = twelve ? value % 12 + (afternoon ? 12 : 0) : value;
  return Temporal.PlainTime.from({ hour: hours, minute: minutes });
}

function dayOf(
  words: string | undefined,
  now: Temporal.ZonedDateTime,
  clock: Temporal.PlainTime,
): Temporal.PlainDate | null {
  const today = now.toPlainDate();
  // A bare hour that is over today means tomorrow.
  if (words === undefined) {
    return Temporal.PlainTime.compare(clock, now.toPlainTime()) > 0 ? today : today.add({ days: 1 });
  }
  const day = words.replace(/^on\s+/, "");
  if (day === "today" || day === "tonight") return today;
  if (day === "tomorrow") return today.add({ days: 1 });
  const weekday = DAYS.findIndex((name) => name.startsWith(day.replace(/^next\s+/, "").slice(0, 3)));
  if (weekday !== -1 && /^(?:next\s+)?[a-z]+$/.test(day)) {
    const ahead = (weekday + 1 - today.dayOfWeek + 7) % 7;
    const isOver = ahead === 0 && Temporal.PlainTime.compare(clock, now.toPlainTime()) <= 0;
    return today.add({ days: isOver || (ahead === 0 && day.startsWith("next")) ? ahead + 7 : ahead });
  }
  try {
    if (/^\d{4}-/.test(day)) return Temporal.PlainDate.from(day, { overflow: "reject" });
    const [, date = "", month = "", year] = /^(\d{1,2})\.?\s+([a-z]{3})[a-z]*\.?(?:\s+(\d{4}))?$/.exec(day) ??
      [];
    const fields = { day: Number(date), month: MONTHS.indexOf(month) + 1, year: Number(year ?? today.year) };
    const found = Temporal.PlainDate.from(fields, { overflow: "reject" });
    const isOver = year === undefined && Temporal.PlainDate.compare(found, today) < 0;
    return isOver ? found.add({ years: 1 }) : found;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function at(local: Temporal.PlainDateTime, zone: string, now: number, text: string): When {
  const zoned = local.toZonedDateTime(zone, { disambiguation: "earlier" });
  if (!zoned.toPlainDateTime().equals(local)) {
    return no(`“${text}” does not exist in ${zone}: the clocks go forward over it.`);
  }
  if (zoned.epochMilliseconds <= now) return no(`“${text}” is over already.`);
  return { ok: true, local: local.toString({ smallestUnit: "minute" }), ms: zoned.epochMilliseconds };
}

function no(message: string): When {
  return { ok: false, message };
}
