/** What browsers load besides pages: our own files, and htmx from its installed package. Addresses change with contents, so they are kept for ever. */
import type { Hono } from "hono";
import { createHash } from "node:crypto";
import { route } from "../route.ts";

const STATIC = new URL("../../static/", import.meta.url);
const HTMX = new URL("./", import.meta.resolve("htmx.org/dist/htmx.min.js"));

const TYPES: Record<string, string> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};
const FOR_EVER = "public, max-age=31536000, immutable";
const OURS = ["console.css", "console.js", "forms.js", "compose.js", "live.js", "icon.svg"];
const VENDOR = ["htmx.min.js", "ext/hx-csp.min.js", "ext/hx-ws.min.js"];

interface Asset {
  path: string;
  body: Uint8Array<ArrayBuffer>;
  type: string;
}

/** Reads all files once, at start. One that is missing is left out, and so is its tag in the pages. */
export class Assets {
  readonly #byPath = new Map<string, Asset>();
  readonly #pathOf = new Map<string, string>();

  static load(): Assets {
    const assets = new Assets();
    for (const name of OURS) assets.#add(name, new URL(name, STATIC), "/static/");
    for (const name of VENDOR) assets.#add(name, new URL(name, HTMX), "/static/vendor/");
    return assets;
  }

  #add(name: string, file: URL, under: string): void {
    let body: Uint8Array<ArrayBuffer>;
    try {
      body = Deno.readFileSync(file);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return;
      throw error;
    }
    const version = createHash("sha256").update(body).digest("hex").slice(0, 12);
    const path = `${under}${version}/${name.split("/").at(-1)}`;
    this.#pathOf.set(name, path);
    this.#byPath.set(path, { path, body, type: TYPES[name.split(".").at(-1) ?? ""] ?? "text/plain" });
  }

  /** Its address with the version of its contents; null when the file is not there. */
  pathOf(name: string): string | null {
    return this.#pathOf.get(name) ?? null;
  }

  register(app: Hono): void {
    const answer = (path: string): Response => {
      const asset = this.#byPath.get(path);
      if (asset === undefined) return new Response("Not found", { status: 404 });
      return new Response(asset.body, {
        headers: { "content-type": asset.type, "cache-control": FOR_EVER },
      });
    };
    const options = { persona: null };
    route(app, "GET", "/static/:version/:file", "public", (c) => answer(c.req.path), options);
    route(app, "GET", "/static/vendor/:version/:file", "public", (c) => answer(c.req.path), options);
    route(app, "GET", "/favicon.ico", "public", () => answer(this.pathOf("icon.svg") ?? ""), options);
  }
}
