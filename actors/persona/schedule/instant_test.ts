import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { toInstant } from "./instant.ts";

function taken(at: string, zone: string) {
  const instant = toInstant(at, zone);
  if (!instant.ok) throw new Error(instant.message);
  return { utc: new Date(instant.at).toISOString(), local: instant.local, zone: instant.zone };
}

function refused(at: string, zone: string) {
  const instant = toInstant(at, zone);
  ok(!instant.ok, `${at} in ${zone} was taken`);
  return instant.field;
}

Deno.test("toInstant, a local time: that of the zone at that date", () => {
  deepStrictEqual(taken("2026-12-01T09:00", "Europe/Lisbon"), {
    utc: "2026-12-01T09:00:00.000Z",
    local: "2026-12-01T09:00",
    zone: "Europe/Lisbon",
  });
  strictEqual(taken("2026-07-01T09:00", "Europe/Lisbon").utc, "2026-07-01T08:00:00.000Z");
  strictEqual(taken("2026-07-01T09:00:30.5", "Asia/Kathmandu").utc, "2026-07-01T03:15:30.500Z");
  strictEqual(taken("2026-07-01 09:00", "UTC").utc, "2026-07-01T09:00:00.000Z");
});

Deno.test("toInstant, an instant with an offset: that instant, shown in the zone", () => {
  deepStrictEqual(taken("2026-12-01T09:00:00Z", "America/New_York"), {
    utc: "2026-12-01T09:00:00.000Z",
    local: "2026-12-01T04:00",
    zone: "America/New_York",
  });
  strictEqual(taken("2026-12-01T09:00+05:30", "UTC").utc, "2026-12-01T03:30:00.000Z");
  strictEqual(taken("2026-03-29T02:30:00+01:00", "Europe/Berlin").local, "2026-03-29T03:30");
});

Deno.test("toInstant, a local time that the clocks skip: refused", () => {
  strictEqual(refused("2026-03-29T02:30", "Europe/Berlin"), "at");
  strictEqual(refused("2026-03-08T02:00", "America/New_York"), "at");
  strictEqual(taken("2026-03-29T03:00", "Europe/Berlin").utc, "2026-03-29T01:00:00.000Z");
  // Half an hour only.
  strictEqual(refused("2026-10-04T02:15", "Australia/Lord_Howe"), "at");
  // A whole day.
  strictEqual(refused("2011-12-30T12:00", "Pacific/Apia"), "at");
});

Deno.test("toInstant, a local time that there is twice: the earlier", () => {
  strictEqual(taken("2026-10-25T02:30", "Europe/Berlin").utc, "2026-10-25T00:30:00.000Z");
  strictEqual(taken("2026-11-01T01:30", "America/New_York").utc, "2026-11-01T05:30:00.000Z");
  strictEqual(taken("2026-10-25T02:30:00+01:00", "Europe/Berlin").utc, "2026-10-25T01:30:00.000Z");
});

Deno.test("toInstant, a zone: known by its name only, kept in its usual spelling", () => {
  strictEqual(taken("2026-12-01T09:00", "europe/lisbon").zone, "Europe/Lisbon");
  for (
    const zone of [
      "",
      "Mars/Base",
      "+02:00",
      "2020-01-01T00:00Z",
      "Europe/Berlin\n",
      "../etc",
      "Europe/Berlin[x]",
    ]
  ) {
    strictEqual(refused("2026-12-01T09:00", zone), "zone");
  }
});

Deno.test("toInstant, what is no date and time, or says more than is heard: refused", () => {
  for (
    const at of [
      "",
      "tomorrow",
      "2026-12-01",
      "2026-13-01T09:00",
      "2026-02-30T09:00",
      "2026-12-01T25:00",
      "2026-12-01T09:00[Europe/Berlin]",
      "2026-12-01T09:00+01:00[Europe/Berlin]",
      "2026-12-01T09:00Z[UTC]",
      "+012026-12-01T09:00",
      "2026-12-01T09:00\n",
      "2026-12-01T09:00 CET",
    ]
  ) strictEqual(refused(at, "UTC"), "at", at);
});
