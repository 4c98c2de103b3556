/** What a worker may import: each persona pays for it again, since workers share nothing. */
import assert from "node:assert/strict";

interface Module {
  specifier: string;
  /** Imports of types alone have no `code`. */
  dependencies?: { code?: { specifier?: string } }[];
}

/**
 * Weighed by `deno task bench memory`. The first CommonJS module costs a worker 4 to 5 MB: only X's text library is one, and only
 * personas with an account there load it, when they first need it (`platforms/text/x_text.ts`).
 */
const PACKAGES = ["@ambassify/twitter-text", "@noble/hashes", "canonicalize", "openai", "tlds"];

/** Every specifier that the worker's own modules import, at once or when it is first needed. */
async function imported(): Promise<string[]> {
  const worker = new URL("./worker.ts", import.meta.url).pathname;
  const { stdout, code } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", worker],
    stderr: "inherit",
  }).output();
  assert.equal(code, 0);
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as { modules: Module[] };
  assert.ok(
    modules.some(({ specifier }) => specifier.endsWith("/bluesky/detect.ts")),
    "adapters are looked at too",
  );
  return modules.flatMap(({ dependencies = [] }) => dependencies.map(({ code }) => code?.specifier ?? ""));
}

Deno.test("a worker imports only the packages that were weighed, and nothing of Node, which costs 4 MB in each", async () => {
  const names = (await imported()).flatMap((specifier) => {
    const [, name] = /^npm:\/?((?:@[^/]+\/)?[^@/]+)/.exec(specifier) ?? [];
    return name ?? (specifier.startsWith("file:") || specifier === "" ? [] : specifier);
  });
  assert.deepEqual([...new Set(names)].sort(), PACKAGES);
});
