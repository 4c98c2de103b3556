/** Times as the persona lives them: in its zone, by its calendar, with the exact instant for whoever hovers. */

export type TimeStyle = "clock" | "short" | "full";

export function Time({ at, zone, style = "short", now }: {
  at: string;
  zone: string;
  style?: TimeStyle;
  /** ms since the epoch: decides whether the day is named. */
  now?: number;
}) {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return <time>unknown time</time>;
  return (
    <time datetime={date.toISOString()} title={say(at, zone, "full")}>
      {say(at, zone, style, now)}
    </time>
  );
}

/** `clock`: 14:02:11. `short`: 14:30, or Tue 1 Dec 14:30 on another day. `full`: with seconds, year and zone. */
export function say(at: string, zone: string, style: TimeStyle, now = Date.now()): string {
  const then = zoned(new Date(at).getTime(), zone);
  const two = (value: number) => String(value).padStart(2, "0");
  const clock = `${two(then.hour)}:${two(then.minute)}`;
  if (style === "clock") return `${clock}:${two(then.second)}`;
  const day = `${WEEKDAYS[then.dayOfWeek - 1]} ${then.day} ${MONTHS[then.month - 1]}`;
  if (style === "full") {
    return `${day} ${then.year} ${clock}:${two(then.second)} (${zone}, UTC${then.offset})`;
  }
  const today = zoned(now, zone);
  if (then.toPlainDate().equals(today.toPlainDate())) return clock;
  return then.year === today.year ? `${day} ${clock}` : `${day} ${then.year} ${clock}`;
}

/** The short name of a zone: Lisbon for Europe/Lisbon. */
export function zoneName(zone: string): string {
  return (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");
}

/** The day of an instant in a zone, for headings between lines: "Today", "Yesterday", "Tue 1 Dec". */
export function dayName(at: string, zone: string, now: number): string {
  const day = zoned(new Date(at).getTime(), zone).toPlainDate();
  const today = zoned(now, zone).toPlainDate();
  const ago = day.until(today).days;
  if (ago === 0) return "Today";
  if (ago === 1) return "Yesterday";
  const year = day.year === today.year ? "" : ` ${day.year}`;
  return `${WEEKDAYS[day.dayOfWeek - 1]} ${day.day} ${MONTHS[day.month - 1]}${year}`;
}

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** An unknown zone reads as UTC: a page must come up whatever a file said. */
function zoned(ms: number, zone: string): Temporal.ZonedDateTime {
  const instant = Temporal.Instant.fromEpochMilliseconds(ms);
  return instant.toZonedDateTimeISO(isZone(zone) ? zone : "UTC");
}

export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return zone !== "";
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
