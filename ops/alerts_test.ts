import { deepEqual, equal, match, ok } from "node:assert/strict";
import { parse } from "yaml";
import { z } from "zod";

const read = (path: string) => Deno.readTextFile(new URL(`../${path}`, import.meta.url));

/** The format of Prometheus's rule files, as far as it is used here; what is not in it would be refused at its start. */
const duration = z.string().regex(/^(\d+(ms|[smhdwy]))+$/);
const Rules = z.strictObject({
  groups: z.array(z.strictObject({
    name: z.string().min(1),
    interval: duration.optional(),
    rules: z.array(z.strictObject({
      alert: z.string().regex(/^[A-Za-z]\w*$/),
      expr: z.string().min(1),
      for: duration.optional(),
      labels: z.record(z.string(), z.string()),
      annotations: z.strictObject({ summary: z.string(), description: z.string(), runbook: z.string() }),
    })).min(1),
  })).min(1),
});

const { groups } = Rules.parse(parse(await read("ops/alerts.yml")));
const rules = groups.flatMap((group) => group.rules);

Deno.test("ops/alerts.yml: each alarm has a name and a runbook of its own, which is there", async () => {
  const runbooks = rules.map(({ annotations }) => annotations.runbook);
  deepEqual(
    runbooks,
    [
      "personas-parked",
      "crashes",
      "cells-ending",
      "mailboxes-filling",
      "slow-activation",
      "dead-letters",
      "posting-stopped",
    ].map((slug) => `docs/supervision.md#${slug}`),
  );
  const headings = [...(await read("docs/supervision.md")).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading.toLowerCase().replaceAll(" ", "-")
  );
  for (const runbook of runbooks) ok(headings.includes(runbook.split("#")[1] ?? ""), runbook);
  equal(new Set(rules.map(({ alert }) => alert)).size, rules.length);
});

Deno.test("ops/alerts.yml: every metric and label value it asks for is in docs/metrics.md", async () => {
  const rows = new Map(
    [...(await read("docs/metrics.md")).matchAll(/^\| `(\w+)` +\| (\w+) +\| (.*?) *\| (.*?) *\|$/gm)].map(
      ([, name = "", kind, labels = "", meaning = ""]) => [name, { kind, labels, meaning }],
    ),
  );
  ok(rows.size > 20);
  for (const { alert, expr } of rules) {
    const asked = [...expr.matchAll(/\b(digi_persona_\w+)(?:\{([^}]*)\})?/g)];
    ok(asked.length > 0, alert);
    for (const [, name = "", selector = ""] of asked) {
      const row = rows.get(name) ?? rows.get(name.replace(/_bucket$/, ""));
      ok(row, `${alert}: ${name}`);
      equal(name.endsWith("_bucket"), row.kind === "histogram", name);
      if (row.kind === "counter") match(expr, new RegExp(`(rate|increase)\\(${name}`), alert);
      for (const [, label = "", value = ""] of selector.matchAll(/(\w+)!?="(\w+)"/g)) {
        ok(row.labels.includes(`\`${label}\``), `${alert}: label ${label} of ${name}`);
        ok(
          label === "charged" || row.meaning.includes(`\`${value}\``),
          `${alert}: ${label}="${value}" of ${name}`,
        );
      }
    }
  }
});
