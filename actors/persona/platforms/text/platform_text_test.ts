import assert from "node:assert/strict";
import { PLATFORMS } from "../limits.ts";
import { loadText } from "./platform_text.ts";

interface Graph {
  modules: { specifier: string; dependencies?: { code?: { specifier?: string }; isDynamic?: boolean }[] }[];
  npmPackages: Record<string, { name: string; dependencies: string[] }>;
}

async function graphOf(file: string): Promise<Graph> {
  const path = new URL(file, import.meta.url).pathname;
  const { stdout, code } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", path],
    stderr: "inherit",
  }).output();
  assert.equal(code, 0);
  return JSON.parse(new TextDecoder().decode(stdout)) as Graph;
}

Deno.test("every platform counts and reads texts", async () => {
  for (const platform of PLATFORMS) {
    const text = await loadText(platform);
    assert.equal(text.measure("Hello").count, 5, platform);
    assert.deepEqual(
      text.facets("see https://example.com/a").map(({ start, end, kind }) => [start, end, kind]),
      [
        [4, 25, "link"],
      ],
      platform,
    );
  }
});

Deno.test("X's library is loaded by one module, and that one only when it is asked for", async () => {
  const { modules } = await graphOf("./platform_text.ts");
  const importers = (wanted: string) =>
    modules.flatMap(({ specifier, dependencies = [] }) =>
      dependencies.filter(({ code }) => code?.specifier?.includes(wanted)).map(({ isDynamic = false }) => ({
        by: specifier.slice(specifier.lastIndexOf("/") + 1),
        isDynamic,
      }))
    );
  assert.deepEqual(importers("/text/x_text.ts"), [{ by: "platform_text.ts", isDynamic: true }]);
  assert.deepEqual([...new Set(importers("twitter-text").map(({ by }) => by))], ["x_text.ts"]);
});

Deno.test("X's library comes without the polyfills that slow every regular expression down", async () => {
  const { npmPackages } = await graphOf("./x_text.ts");
  const waiting = Object.keys(npmPackages).filter((key) =>
    npmPackages[key]?.name === "@ambassify/twitter-text"
  );
  const names = new Set<string>();
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    const { name, dependencies } = npmPackages[key]!;
    if (!names.has(name)) waiting.push(...dependencies);
    names.add(name);
  }
  assert.ok(names.has("core-js-pure"), [...names].join());
  assert.ok(!names.has("core-js"), [...names].join());
});
