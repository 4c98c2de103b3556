/** What accounts of the sandbox do to each other without a word. All of it can be repeated. */
import type { Context } from "hono";
import { type Mark, putFollow, putMark, removeFollow, removeMark } from "../../db/sandbox/marks.ts";
import { refuse, type SandboxEnv, type SandboxHono, type SandboxOptions } from "./parts.ts";

const MARKS: [path: string, kind: Mark][] = [["/likes/:id", "like"], ["/reposts/:id", "repost"]];

export function addPeople(app: SandboxHono, { sql, now }: SandboxOptions): void {
  const at = () => new Date(now()).toISOString();
  const done = (c: Context<SandboxEnv>) => c.body(null, 204);

  for (const [path, kind] of MARKS) {
    app.put(path, async (c) => {
      const found = await putMark(sql, kind, c.get("account").id, c.req.param("id") ?? "", at());
      return found ? done(c) : refuse(c, 400, "there is no such post");
    });
    app.delete(path, async (c) => {
      await removeMark(sql, kind, c.get("account").id, c.req.param("id") ?? "");
      return done(c);
    });
  }

  app.put("/follows/:id", async (c) => {
    const [self, subject] = [c.get("account").id, c.req.param("id")];
    if (self === subject) return refuse(c, 400, "nobody follows themselves");
    return await putFollow(sql, self, subject, at()) ? done(c) : refuse(c, 400, "there is no such account");
  });
  app.delete("/follows/:id", async (c) => {
    await removeFollow(sql, c.get("account").id, c.req.param("id"));
    return done(c);
  });
}
