/** Where an address leads, however it is written: to a post or an account of a platform, or to a page. Pure. */
import type { Platform } from "../platforms/port.ts";
import { fold } from "./fold.ts";

export interface Lead {
  /** The same for every address of the same thing: `post PLATFORM ID` or `link PAGE`. */
  key: string;
  /** Whose it is where the address says so: the platform's id or a handle, in small letters. */
  account: { platform: Platform; name: string } | null;
}

/** Of a link. Pages are compared by host and path alone: what follows mostly says who sent a visitor. */
export function leadOf(uri: string): Lead {
  if (!URL.canParse(uri)) return recordLead(uri) ?? { key: `link ${fold(uri)}`, account: null };
  const url = new URL(uri);
  const host = plainHost(url);
  const path = plainPath(url.pathname);
  return sandboxLead(url, path) ?? xLead(host, path, url) ?? recordLead(path) ??
    blueskyLead(host, path, url) ??
    linkedInLead(host, path, url) ?? { key: `link ${host}${path}`, account: null };
}

/** Of what a platform calls a post: its id, or an address that a person gave. Everything under a post on LinkedIn is on it. */
export function postKey(platform: Platform, id: string): string {
  if (/^(?:https?|at):\/\//.test(id)) return leadOf(id).key;
  const number = platform === "linkedin" ? LINKEDIN_POST.exec(id)?.[1] : undefined;
  return `post ${platform} ${number ?? id}`;
}

/** The same whatever copy of a site serves it: without `www.` and the like, the point at its end, and the usual ports. */
function plainHost({ hostname, port }: URL): string {
  let host = hostname.replace(/\.+$/, "");
  for (let plain = ""; plain !== host;) {
    plain = host;
    host = host.replace(/^(?:www\d*|m|mobile|amp)\.(?=[^.]+\.)/, "");
  }
  return port === "" || port === "80" || port === "443" ? host : `${host}:${port}`;
}

/** Begins with `/`, or is empty for the first page of a site. */
function plainPath(pathname: string): string {
  return decoded(pathname).replace(/;[^/]*/g, "").replace(/\/{2,}/g, "/")
    .replace(/\/(?:index|default)\.(?:html?|php|aspx?|jsp)$/i, "").replace(/\/$/, "");
}

/** What is no text, or would not be seen, stays as it is. */
function decoded(encoded: string): string {
  return encoded.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    try {
      const text = decodeURIComponent(run);
      return /\p{Cc}/u.test(text) ? run.toUpperCase() : text.normalize("NFC");
    } catch (error) {
      if (error instanceof URIError) return run.toUpperCase();
      throw error;
    }
  });
}

function found(platform: Platform, post: string, account: string | null = null): Lead {
  return { key: `post ${platform} ${post}`, account: by(platform, account) };
}

function by(platform: Platform, account: string | null): Lead["account"] {
  return account === null || account === "" ? null : { platform, name: account.toLowerCase() };
}

/** As the console shows them: `/sandbox?thread=ID#said-ID`. */
function sandboxLead({ hash, searchParams }: URL, path: string): Lead | null {
  if (!path.endsWith("/sandbox")) return null;
  const post = /^#said-(.+)$/.exec(hash)?.[1] ?? searchParams.get("thread");
  return post === null ? null : found("sandbox", post);
}

/** Also `/i/status/N` and `/i/web/status/N`, and on other hosts that show X's posts by its own paths, whose ids are long. */
const X_POST = /^\/(?:i\/web|@?\w{1,15})\/status(?:es)?\/(\d{1,19})(?!\d)/i;

function xLead(host: string, path: string, { searchParams }: URL): Lead | null {
  const isX = host === "x.com" || host === "twitter.com";
  const [, first = "", second = "", third = ""] = path.split("/");
  const asked = (...names: string[]) =>
    names.map((name) => searchParams.get(name)).find((one) => one !== null);
  const isIntent = isX && first === "intent";
  const name = isIntent
    ? asked("screen_name", "user_id") ?? null
    : first !== "i"
    ? first.replace(/^@/, "")
    : second === "user"
    ? third
    : null;
  const post = isIntent ? asked("tweet_id", "in_reply_to") : X_POST.exec(path)?.[1];
  if (post !== undefined && (isX || post.length >= 15)) return found("x", post, name);
  return isX ? { key: `link x.com${path.toLowerCase()}`, account: by("x", name) } : null;
}

/** `at://DID/app.bsky.feed.post/KEY`, also within an address. */
const RECORD = /([^/]+)\/app\.bsky\.feed\.post\/([A-Za-z0-9._~:-]+)/;

/** A post's key is made of its time, so that it is the same post whether its author is named by DID or by handle. */
function recordLead(text: string): Lead | null {
  const [, account, key] = RECORD.exec(text) ?? [];
  return account === undefined || key === undefined ? null : found("bluesky", key, account);
}

/** `/profile/WHO/post/KEY`, on other hosts that show Bluesky too: there both must look like Bluesky's. */
const BLUESKY_PAGE = /^\/profile\/([^/]+)(?:\/post\/([A-Za-z0-9._~:-]+))?/;

function blueskyLead(host: string, path: string, { searchParams }: URL): Lead | null {
  if (path === "/xrpc/com.atproto.repo.getRecord") {
    const named = ["repo", "collection", "rkey"].map((name) => searchParams.get(name) ?? "");
    return recordLead(named.join("/"));
  }
  const [, account, key] = BLUESKY_PAGE.exec(path) ?? [];
  if (account === undefined) return null;
  const isBluesky = /^(?:.+\.)?bsky\.app$/.test(host);
  if (!isBluesky && !account.startsWith("did:") && !/^[2-7a-z]{13}$/.test(key ?? "")) return null;
  if (key !== undefined) return found("bluesky", key, account);
  return {
    key: `link bsky.app${path.replace(account, account.toLowerCase())}`,
    account: by("bluesky", account),
  };
}

/** Also the form with `-` in the address of a post that has words in it. */
const LINKEDIN_POST = /(?:activity|share|ugcPost)[:-](\d{1,19})(?!\d)/i;

function linkedInLead(host: string, path: string, { search }: URL): Lead | null {
  if (!/^(?:.+\.)?linkedin\.com$/.test(host)) return null;
  const post = (LINKEDIN_POST.exec(path) ?? LINKEDIN_POST.exec(decoded(search)))?.[1];
  const [, page, named] = /^\/(in|company|school|showcase)\/([^/]+)/.exec(path) ?? [];
  const name = named ?? /^\/posts\/([^/_]+)_/.exec(path)?.[1] ?? null;
  const account = page !== "in" && name !== null && /^\d+$/.test(name) ? `urn:li:organization:${name}` : name;
  if (post !== undefined) return found("linkedin", post, account);
  return { key: `link linkedin.com${path.toLowerCase()}`, account: by("linkedin", account) };
}
