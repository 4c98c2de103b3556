import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";

export interface HostRules {
  /** Exact origins that may be spoken to although the rules below forbid them, e.g. `http://localhost:2583`. */
  allowedOrigins: string[];
  /**
   * The addresses of a name; null when that may not be asked here.
   * @default the system's resolver, which is the one that `fetch` uses
   */
  resolve?: (name: string) => Promise<string[] | null>;
}

export type HostCheck = { ok: true; origin: string } | { ok: false; reason: string };

const MAX_URL_CHARACTERS = 500;

/** Names that never leave a machine or a local network (RFC 6761, RFC 6762, RFC 9476, RFC 8375). */
const localNames = [
  "localhost",
  "local",
  "internal",
  "lan",
  "home",
  "home.arpa",
  "corp",
  "intranet",
  "onion",
  "alt",
];

const forbidden = forbiddenAddresses();

/**
 * Whether a server may be spoken to. Run it on every address that comes from a person, a file or another server, before
 * anything connects. Ask with `redirect: "manual"`: a redirect is another address.
 */
export async function checkHost(url: string, rules: HostRules): Promise<HostCheck> {
  const parsed = parse(url);
  if (typeof parsed === "string") return { ok: false, reason: parsed };
  if (rules.allowedOrigins.includes(parsed.origin)) return { ok: true, origin: parsed.origin };
  const reason = refuseScheme(parsed) ?? refuseName(parsed) ?? await refuseAddresses(parsed, rules);
  return reason === null ? { ok: true, origin: parsed.origin } : { ok: false, reason };
}

/** Whether an IP address lies outside the public internet. */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return true;
  return forbidden.check(address, family === 4 ? "ipv4" : "ipv6");
}

function parse(url: string): URL | string {
  if (url.length > MAX_URL_CHARACTERS) return "the address is too long";
  // The URL parser drops tabs and line ends and reads "\" as "/": an address with them is not what it seems.
  // deno-lint-ignore no-control-regex
  if (/[\u0000-\u0020\u007f-\u00a0\\]|[\p{Cf}\p{Zs}]/u.test(url)) {
    return "the address has spaces or hidden characters";
  }
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch (error) {
    if (error instanceof TypeError) return "this is no address of a server, such as https://pds.example";
    throw error;
  }
  if (parsed.username !== "" || parsed.password !== "" || url.includes("@")) {
    return "the address must not hold a user name or password";
  }
  return parsed;
}

function refuseScheme(url: URL): string | null {
  if (url.protocol !== "https:") return "the address must begin with https://";
  if (url.port !== "") return "only the standard https port is allowed";
  return null;
}

function refuseName(url: URL): string | null {
  const name = bareHost(url);
  if (isIP(name) !== 0) return null;
  if (name.endsWith(".") || name.includes("..")) return "the server's name is not well-formed";
  if (localNames.some((local) => name === local || name.endsWith(`.${local}`))) {
    return "the server's name belongs to a local network";
  }
  if (!name.includes(".")) return "the server's name must be a full one, such as pds.example";
  return null;
}

async function refuseAddresses(url: URL, rules: HostRules): Promise<string | null> {
  const name = bareHost(url);
  const addresses = isIP(name) !== 0 ? [name] : await (rules.resolve ?? resolveHere)(name);
  if (addresses === null) return null;
  if (addresses.length === 0) return "the server's name is not known";
  return addresses.some(isPrivateAddress) ? "the server has a private or reserved address" : null;
}

function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "").toLowerCase();
}

async function resolveHere(name: string): Promise<string[] | null> {
  try {
    return (await lookup(name, { all: true })).map(({ address }) => address);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code === "EPERM" || error instanceof Deno.errors.NotCapable) return null;
    if (typeof code === "string") return [];
    throw error;
  }
}

/** The registries of special addresses (IANA, RFC 6890), and those that carry an IPv4 address inside. */
function forbiddenAddresses(): BlockList {
  const list = new BlockList();
  const v4: [string, number][] = [
    ...[["0.0.0.0", 8], ["10.0.0.0", 8], ["100.64.0.0", 10], ["127.0.0.0", 8], ["169.254.0.0", 16]],
    ...[["172.16.0.0", 12], ["192.0.0.0", 24], ["192.0.2.0", 24], ["192.88.99.0", 24], ["192.168.0.0", 16]],
    ...[["198.18.0.0", 15], ["198.51.100.0", 24], ["203.0.113.0", 24], ["224.0.0.0", 4], ["240.0.0.0", 4]],
  ] as [string, number][];
  // Everything outside 2000::/3 (the only global unicast space) …
  const v6: [string, number][] = [["::", 3], ["4000::", 2], ["8000::", 1]];
  // … and inside it: protocol assignments with Teredo, benchmarking and ORCHID, documentation, 6to4.
  v6.push(["2001::", 23], ["2001:db8::", 32], ["2002::", 16], ["3fff::", 20]);
  for (const [net, bits] of v4) list.addSubnet(net, bits, "ipv4");
  for (const [net, bits] of v6) list.addSubnet(net, bits, "ipv6");
  return list;
}
