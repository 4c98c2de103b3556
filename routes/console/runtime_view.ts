/** Which actors the Runtime page shows, in which order, on which page of it. Pure. */
import type { ActorPhase, ActorStatus, CellStatus } from "../../actors/supervisor/supervisor_port.ts";
import { PHASES, type RuntimeLook } from "../runtime.ts";

/** Actors on one page: what is drawn anew each second stays small. */
export const RUNTIME_PAGE = 50;
const MAX_PAGE = 10_000;

export interface RuntimeView {
  /** Only actors in this state; `all` for those that an operator should see. */
  state: ActorPhase | "all";
  /** From 1. */
  page: number;
}

/** From an address, or from the id of a topic. What it does not understand it takes for the first page of all. */
export function viewOf(state: string | undefined, page: string | undefined): RuntimeView {
  const number = /^\d{1,5}$/.test(page ?? "") ? Number(page) : 1;
  return {
    state: PHASES.find((phase) => phase === state) ?? "all",
    page: Math.min(Math.max(1, number), MAX_PAGE),
  };
}

/** `all-1`: the part of a topic behind `runtime:`. */
export function viewId({ state, page }: RuntimeView): string {
  return `${state}-${page}`;
}

export function viewAddress({ state, page }: RuntimeView): string {
  const query = new URLSearchParams();
  if (state !== "all") query.set("state", state);
  if (page > 1) query.set("page", String(page));
  return query.size === 0 ? "/runtime" : `/runtime?${query}`;
}

export type Group =
  | { kind: "cell"; cell: CellStatus; actors: ActorStatus[] }
  /** Those that hold no place in a cell now. */
  | { kind: "outside"; actors: ActorStatus[] }
  | { kind: "asleep"; actors: ActorStatus[] };

export interface RuntimeRows {
  /** Those on this page, in order; a cell whose actors go over two pages is in both. */
  groups: Group[];
  /** Actors that fit the view, on all pages. */
  total: number;
  page: number;
  pages: number;
}

export function rowsOf({ actors, cells }: RuntimeLook, view: RuntimeView): RuntimeRows {
  const groups = groupsOf(actors, cells, view.state);
  const total = groups.reduce((sum, group) => sum + group.actors.length, 0);
  const pages = Math.max(1, Math.ceil(total / RUNTIME_PAGE));
  const page = Math.min(view.page, pages);
  const [from, to] = [(page - 1) * RUNTIME_PAGE, page * RUNTIME_PAGE];
  const shown: Group[] = [];
  let at = 0;
  for (const group of groups) {
    const end = at + group.actors.length;
    const part = group.actors.slice(Math.max(0, from - at), Math.max(0, to - at));
    // A cell without actors stands where its actors would.
    const isEmptyHere = group.actors.length === 0 && at >= from && (at < to || page === pages);
    if (part.length > 0 || isEmptyHere) shown.push({ ...group, actors: part });
    at = end;
  }
  return { groups: shown, total, page, pages };
}

function groupsOf(all: ActorStatus[], cells: CellStatus[], state: RuntimeView["state"]): Group[] {
  const actors = state === "all" ? all : all.filter((actor) => actor.state === state);
  const numbers = new Set(cells.map(({ number }) => number));
  const inCell = Map.groupBy(actors, ({ cell }) => cell !== null && numbers.has(cell) ? cell : null);
  const rest = (inCell.get(null) ?? []).sort(byUrgency);
  const outside = rest.filter((actor) => actor.state !== "asleep");
  // Of the thousands that just sleep nothing is to be said.
  const asleep = rest.filter((actor) =>
    actor.state === "asleep" && (state === "asleep" || actor.lastCrash !== null || actor.mailboxDepth > 0)
  );
  const groups: Group[] = [];
  if (outside.length > 0) groups.push({ kind: "outside", actors: outside });
  for (const cell of [...cells].sort((a, b) => a.number - b.number)) {
    const inside = (inCell.get(cell.number) ?? []).sort(byId);
    if (inside.length > 0 || state === "all") groups.push({ kind: "cell", cell, actors: inside });
  }
  if (asleep.length > 0) groups.push({ kind: "asleep", actors: asleep });
  return groups;
}

const URGENCY: Record<ActorPhase, number> = {
  parked: 0,
  restarting: 1,
  waiting: 2,
  starting: 3,
  running: 4,
  asleep: 5,
};

/** What needs a person first, then the latest crash first; the order does not change while nothing happens. */
function byUrgency(a: ActorStatus, b: ActorStatus): number {
  return URGENCY[a.state] - URGENCY[b.state] ||
    (b.lastCrash?.at ?? "").localeCompare(a.lastCrash?.at ?? "") || byId(a, b);
}

function byId(a: ActorStatus, b: ActorStatus): number {
  return a.personaId < b.personaId ? -1 : a.personaId > b.personaId ? 1 : 0;
}
