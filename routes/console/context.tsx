/** What every page of the console works with, and how a page is put into its frame. */
import type { Context } from "hono";
import type { Child } from "hono/jsx";
import { headPosition, personaCards, railPersonas } from "../../db/read/console.ts";
import { BadPage } from "../../db/read/page.ts";
import type { Sql } from "../../db/sql.ts";
import { byOf, type Principal } from "../access/authorize.ts";
import { principalOf } from "../access/middleware.ts";
import type { Tokens } from "../access/tokens.ts";
import type { Program } from "../program.ts";
import type { Assets } from "./assets.ts";
import { type Frame, Layout } from "./layout.tsx";
import type { Place } from "./rail.tsx";
import { missing } from "./pages/missing.tsx";
import { bannerUsers } from "./stop_parts.tsx";
import type { Uploads } from "./uploads.ts";

/** What the console needs of access. */
export interface ConsoleAccess {
  tokens: Tokens;
}

export interface Console {
  program: Program;
  access: ConsoleAccess;
  assets: Assets;
  uploads: Uploads;
  /** ms since the epoch. */
  now(): number;
  /** Bytes free where the data lies: new work is refused when they run out. */
  freeBytes(): Promise<number>;
}

export interface PageOf {
  title: string;
  place: Place;
  personaId?: string | null;
  topics?: string[] | null;
  command?: Child;
  query?: string;
  flash?: Child;
  body: Child;
}

type Status = 200 | 400 | 403 | 404 | 409 | 413 | 422 | 429 | 500 | 503;

/** All that a page shows is read in one snapshot, so that the live tail goes on exactly behind it. */
export async function snapshot<T>(
  con: Console,
  read: (sql: Sql, position: number) => Promise<T>,
): Promise<T> {
  return await con.program.sql.transaction(async (sql) => {
    await sql.query("set transaction isolation level repeatable read, read only");
    return await read(sql, await headPosition(sql));
  });
}

/** Reads and draws a page within one snapshot. */
export async function page(
  c: Context,
  con: Console,
  draw: (sql: Sql, position: number) => Promise<PageOf | Response>,
  status: Status = 200,
): Promise<Response> {
  let drawn: Response | { of: PageOf; frame: Frame };
  try {
    drawn = await snapshot(con, async (sql, position) => {
      const of = await draw(sql, position);
      return of instanceof Response
        ? of
        : { of, frame: await frameOf(c, con, sql, position, of.personaId ?? null) };
    });
  } catch (error) {
    // A mistyped `after` or `before` in the address.
    if (!(error instanceof BadPage)) throw error;
    return await missing(c, con, "page");
  }
  if (drawn instanceof Response) return drawn;
  const { body, ...rest } = drawn.of;
  return html(c, <Layout frame={drawn.frame} {...rest}>{body}</Layout>, status);
}

async function frameOf(
  c: Context,
  con: Console,
  sql: Sql,
  position: number,
  personaId: string | null,
): Promise<Frame> {
  const { supervisor } = con.program;
  const stops = supervisor.stops();
  return {
    assets: con.assets,
    rail: await railPersonas(sql, personaId),
    statusOf: (id) => supervisor.status(id),
    stops,
    users: await bannerUsers(sql, stops),
    now: con.now(),
    user: nameOf(principalOf(c)),
    position,
  };
}

export function html(c: Context, element: Child, status: Status = 200): Response {
  return c.html(`<!doctype html>${String(element)}`, status);
}

export function by(c: Context): string {
  return byOf(principalOf(c));
}

function nameOf(principal: Principal): string {
  switch (principal.kind) {
    case "user":
    case "token":
      return principal.name;
    case "admin_token":
      return "ADMIN_TOKEN";
    case "anonymous":
      return "nobody";
    default:
      return principal satisfies never;
  }
}

/** Name and zone of one persona, also of one that is gone. */
export async function cardOf(sql: Sql, personaId: string): Promise<{ name: string; zone: string }> {
  return (await personaCards(sql, [personaId])).get(personaId) ?? { name: "a deleted persona", zone: "UTC" };
}
