/** Local times and zones to instants, by Temporal: the zone rules are the runtime's. */

export type Instant =
  | { ok: true; at: number; zone: string; local: string }
  | { ok: false; field: "at" | "zone"; message: string };

/**
 * `at` is a local date and time (`2026-12-01T09:00`) in the IANA zone `zone`, or an instant with an offset
 * (`2026-12-01T09:00:00Z`). A local time that does not exist (clocks go forward) is refused; one that exists twice
 * (clocks go back) means the earlier.
 */
export function toInstant(at: string, zone: string): Instant {
  let zoned: Temporal.ZonedDateTime;
  try {
    zoned = Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
  } catch {
    return {
      ok: false,
      field: "zone",
      message: `“${zone}” is no time zone; expected an IANA name such as Europe/Lisbon`,
    };
  }
  try {
    zoned = /(?:[zZ]|[+-]\d\d(?::?\d\d)?)$/.test(at.slice(10))
      ? Temporal.Instant.from(at).toZonedDateTimeISO(zone)
      : Temporal.PlainDateTime.from(at).toZonedDateTime(zone, { disambiguation: "earlier" });
  } catch {
    return {
      ok: false,
      field: "at",
      message:
        `“${at}” is no date and time; expected for example 2026-12-01T09:00 (in ${zone}) or 2026-12-01T09:00:00Z`,
    };
  }
  const local = zoned.toPlainDateTime().toString({ smallestUnit: "minute" });
  if (!/(?:[zZ]|[+-]\d\d(?::?\d\d)?)$/.test(at.slice(10)) && !sameWallClock(at, zoned)) {
    return {
      ok: false,
      field: "at",
      message: `${at} does not exist in ${zone}: the clocks go forward over it`,
    };
  }
  return { ok: true, at: zoned.epochMilliseconds, zone, local };
}

function sameWallClock(at: string, zoned: Temporal.ZonedDateTime): boolean {
  return Temporal.PlainDateTime.compare(Temporal.PlainDateTime.from(at), zoned.toPlainDateTime()) === 0;
}
