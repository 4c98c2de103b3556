/** What is not there, not allowed, or went wrong, as a page in the frame. */
import type { Context } from "hono";
import { principalOf } from "../../access/middleware.ts";
import { type Console, html, page } from "../context.tsx";
import { Door } from "../layout.tsx";

const WORDS = {
  persona: {
    title: "There is no such persona",
    why: "It may have been deleted, or the address is mistyped.",
  },
  post: { title: "There is no such post", why: "The address may be mistyped." },
  said: {
    title: "This is not known any more",
    why: "What was said is not kept, or the address is mistyped.",
  },
  event: {
    title: "There is no such event",
    why: "Positions count from 1 to the last event; the header shows which that is.",
  },
  page: { title: "There is no such page", why: "The address may be mistyped." },
  file: { title: "This upload is gone", why: "Uploads are kept for half an hour. Choose the file again." },
};

export async function missing(c: Context, con: Console, what: keyof typeof WORDS): Promise<Response> {
  const { title, why } = WORDS[what];
  // The frame names personas: strangers see a door.
  if (principalOf(c).kind === "anonymous") return door(c, con, 404, title, why);
  return await page(c, con, () =>
    Promise.resolve({
      title,
      place: "none",
      topics: null,
      body: (
        <div class="empty">
          <h1>{title}</h1>
          <p>{why}</p>
          <a class="btn" href={what === "file" ? "/new" : "/"}>
            {what === "file" ? "Choose a file" : "To the overview"}
          </a>
        </div>
      ),
    }), 404);
}

/** What went wrong on our side, for people: a page that needs nothing but itself, also while the database is away. */
export function failed(c: Context, con: Console): Response {
  const why =
    "Something failed here. It was written to the program's log; nothing you typed is lost if you go back.";
  return door(c, con, 500, "This did not work", why);
}

function door(c: Context, con: Console, status: 404 | 500, title: string, sentence: string): Response {
  return html(
    c,
    <Door assets={con.assets} title={title}>
      <h1>{title}</h1>
      <p class="sub">{sentence}</p>
      <p>
        <a class="btn" href="/">To the overview</a>
      </p>
    </Door>,
    status,
  );
}
