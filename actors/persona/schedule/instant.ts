/** Local times and zones to instants, by Temporal: the zone rules are the runtime's. */

export type Instant =
  | { ok: true; at: number; zone: string; local: string }
  | { ok: false; field: "at" | "zone"; message: string };

/** A date, a time, perhaps an offset. Nothing else that Temporal reads: it would pass over a zone in brackets. */
const WRITTEN = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?<offset>[zZ]|[+-]\d\d(?::?\d\d)?)?$/;
/** Offsets and whole dates, which Temporal takes for zones as well, are no names. */
const ZONE_NAME = /^[A-Za-z][\w+-]*(?:\/[\w+-]+)*$/;
/** Characters of a wrong value that are shown. */
const SHOWN = 60;

/**
 * `at` is a local date and time (`2026-12-01T09:00`) in the IANA zone `zone`, or an instant with an offset
 * (`2026-12-01T09:00:00Z`). A local time that does not exist (clocks go forward) is refused; one that exists twice
 * (clocks go back) means the earlier.
 */
export function toInstant(at: string, zone: string): Instant {
  const zoneId = zoneNamed(zone);
  if (zoneId === null) {
    const message = `“${zone.slice(0, SHOWN)}” is no time zone; expected an IANA name such as Europe/Lisbon`;
    return { ok: false, field: "zone", message };
  }
  const written = WRITTEN.exec(at);
  const zoned = written === null ? null : read(at, written.groups?.offset !== undefined, zoneId);
  if (zoned === null) {
    return {
      ok: false,
      field: "at",
      message: `“${at.slice(0, SHOWN)}” is no date and time; ` +
        `expected for example 2026-12-01T09:00 (in ${zoneId}) or 2026-12-01T09:00:00Z`,
    };
  }
  if (written?.groups?.offset === undefined && !sameWallClock(at, zoned)) {
    return {
      ok: false,
      field: "at",
      message: `${at} does not exist in ${zoneId}: the clocks go forward over it`,
    };
  }
  const local = zoned.toPlainDateTime().toString({ smallestUnit: "minute" });
  return { ok: true, at: zoned.epochMilliseconds, zone: zoneId, local };
}

/** The zone by its usual spelling, or null. */
function zoneNamed(zone: string): string | null {
  if (!ZONE_NAME.test(zone)) return null;
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone).timeZoneId;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function read(at: string, hasOffset: boolean, zone: string): Temporal.ZonedDateTime | null {
  try {
    return hasOffset
      ? Temporal.Instant.from(at).toZonedDateTimeISO(zone)
      : Temporal.PlainDateTime.from(at).toZonedDateTime(zone, { disambiguation: "earlier" });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function sameWallClock(at: string, zoned: Temporal.ZonedDateTime): boolean {
  return Temporal.PlainDateTime.compare(Temporal.PlainDateTime.from(at), zoned.toPlainDateTime()) === 0;
}
