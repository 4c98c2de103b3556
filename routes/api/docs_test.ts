import { deepEqual, equal, ok } from "node:assert/strict";
import { ADMIN_TOKEN } from "../access/test_site.ts";
import { PROBLEMS } from "./problems.ts";
import { CommandSchema, commandSchemas } from "./schemas/command.ts";
import { ConnectSchema } from "./schemas/connect.ts";
import { testApi } from "./test_api.ts";

const guide = await Deno.readTextFile(new URL("../../docs/api.md", import.meta.url));

Deno.test("docs/api.md lists every problem with its status and meaning, and every command", () => {
  const listed = [...guide.matchAll(/^\| (\d+) +\| `(\w+)` +\| (.*?) *\|$/gm)].map((
    [, status, code, meaning],
  ) => `${status} ${code} ${meaning}`);
  const real = Object.entries(PROBLEMS).map(([code, { status, meaning }]) => `${status} ${code} ${meaning}`);
  deepEqual(listed, real);
  const commands = guide.slice(guide.indexOf("## Commands"), guide.indexOf("## Naming the persona"));
  for (const type of Object.keys(commandSchemas)) equal(commands.includes(`\`${type}\``), true, type);
});

Deno.test("the requests that docs/api.md shows as JSON are taken as they stand", () => {
  const shown = [...guide.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(([, json = ""]) => JSON.parse(json));
  ok(shown.some((one) => "type" in one) && shown.some((one) => !("type" in one)), "there are some of both");
  for (const one of shown) {
    const { error } = ("type" in one ? CommandSchema : ConnectSchema).safeParse(one);
    equal(error?.message, undefined, JSON.stringify(one));
  }
});

testApi("the lines of docs/api.md do what they say", async (api) => {
  if (!await hasCurl()) return;
  const script = [...guide.matchAll(/^```sh(?: test)?\n([\s\S]*?)^```$/gm)].map((match) => match[1]).join(
    "\n",
  );
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(
      `${folder}/card.json`,
      JSON.stringify({ name: "Vera Lind", description: "Botanist." }),
    );
    const { code, stdout, stderr } = await new Deno.Command("sh", {
      args: ["-e", "-c", script],
      cwd: folder,
      env: { API: api.site.url, ADMIN_TOKEN },
      stdout: "piped",
      stderr: "piped",
    }).output();
    equal(code, 0, new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr));
    equal(JSON.parse(await Deno.readTextFile(`${folder}/card-again.json`)).data.name, "Mira Holt");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  const [post] = (await api.call("GET", "/api/v1/posts")).body.items;
  deepEqual([post.status, post.text], ["published", "The first frost on the lens."]);
  const personas = (await api.call("GET", "/api/v1/personas")).body.items;
  deepEqual(personas.map((one: { name: string; life: string }) => [one.name, one.life]), [
    ["Mira Holt", "active"],
    ["Vera Lind", "paused"],
  ]);
});

async function hasCurl(): Promise<boolean> {
  try {
    return (await new Deno.Command("curl", { args: ["--version"], stdout: "null", stderr: "null" }).output())
      .success;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    if (Deno.env.get("CI") === "true") throw new Error("install curl");
    console.log("skipped, to run it: install curl");
    return false;
  }
}
