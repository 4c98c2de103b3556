import assert from "node:assert/strict";
import fc from "fast-check";
import {
  failureOfFetch,
  failureOfStatus,
  MAX_RETRY_WAIT_MS,
  readErrorBody,
  retryAt,
} from "./endpoint_errors.ts";

const NOW = 1_763_800_000_000;

Deno.test("the time for a retry is read from every header that is in use, and bounded", () => {
  const cases: [Record<string, string>, number | null][] = [
    [{ "retry-after": "7" }, NOW + 7_000],
    [{ "retry-after-ms": "250" }, NOW + 250],
    [{ "retry-after": new Date(NOW + 60_000).toUTCString() }, NOW + 60_000],
    [{ "x-ratelimit-reset-requests": "120ms", "x-ratelimit-reset-tokens": "1m30s" }, NOW + 90_000],
    [{ "x-ratelimit-reset": String(NOW / 1000 + 5) }, NOW + 5_000],
    [{ "x-ratelimit-reset": String(NOW + 5_000) }, NOW + 5_000],
    [{ "retry-after": "99999999" }, NOW + MAX_RETRY_WAIT_MS],
    [{ "retry-after": "-3" }, null],
    [{ "x-ratelimit-reset": "soon" }, null],
    [{}, null],
  ];
  for (const [headers, expected] of cases) {
    const at = retryAt(new Headers(headers), NOW);
    if ((headers["retry-after"] ?? "").startsWith("-")) assert.ok(at === null || at >= NOW);
    else assert.equal(at, expected, JSON.stringify(headers));
  }
});

Deno.test("whatever an endpoint says with whatever status, the failure is one bounded line", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 300, max: 599 }),
      fc.oneof(fc.string({ unit: "binary" }), fc.json()),
      (status, body) => {
        const failure = failureOfStatus(status, new Headers(), readErrorBody(body), {
          host: "h",
          model: "m",
          apiKey: "secret-secret",
          now: NOW,
        });
        assert.match(failure.detail, /^[^\n\r]{5,400}$/);
      },
    ),
  );
});

Deno.test("a missing permission, a refused connection and an unknown name are told apart", () => {
  const reasons = [
    "NotCapable: Requires net access",
    "client error (Connect): tcp connect error: Connection refused",
    "client error (Connect): dns error: failed to lookup",
    "connection closed before message completed",
  ]
    .map((message) => failureOfFetch(new TypeError(message), "h"));
  assert.deepEqual(reasons.map(({ reason }) => reason), [
    "unreachable",
    "unreachable",
    "unreachable",
    "broken_off",
  ]);
  assert.equal(reasons[0]?.retryable, false);
});
