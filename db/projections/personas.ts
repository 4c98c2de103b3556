import { emptyIdentity, type Identity } from "../../actors/persona/identity.ts";
import type { Life } from "../../actors/persona/state.ts";
import type { Projection } from "./projection.ts";
import { known } from "./row.ts";

export interface PersonaRow {
  id: string;
  name: string;
  life: Exclude<Life, "none" | "deleted">;
  identity: Identity;
  origin: "form" | "template" | "import";
  format: string | null;
  created_at: string;
  updated_at: string;
  created_position: number;
  version: number;
  /** Since when nothing runs for it, who said so, and why. */
  parked: { at: string; by: string; reason: string } | null;
}

/** One row a persona; a deleted one has none. */
export const personas: Projection<PersonaRow> = {
  table: "persona",
  key: ["id"],
  types: [
    "PersonaCreated",
    "PersonaEdited",
    "PersonaPaused",
    "PersonaResumed",
    "PersonaRetired",
    "PersonaDeleted",
    "ActorParked",
    "ActorUnparked",
  ],
  touches: (event) => [{ id: event.stream }],
  fold(row, stored) {
    const event = known(stored);
    if (event.type === "PersonaCreated") {
      return {
        id: event.stream,
        name: event.data.identity.name,
        life: event.data.paused ? "paused" : "active",
        identity: { ...emptyIdentity, ...event.data.identity },
        origin: event.data.origin,
        format: event.data.format,
        created_at: event.at,
        updated_at: event.at,
        created_position: event.position,
        version: event.version,
        parked: null,
      };
    }
    if (row === null) return null;
    // How it runs is no change of the persona.
    if (event.type === "ActorParked") {
      return { ...row, parked: { at: event.at, by: event.by, reason: event.data.reason } };
    }
    if (event.type === "ActorUnparked") return { ...row, parked: null };
    const touched = { ...row, updated_at: event.at, version: event.version };
    switch (event.type) {
      case "PersonaEdited": {
        const identity = { ...row.identity, ...event.data.changes };
        return { ...touched, identity, name: identity.name };
      }
      case "PersonaPaused":
        return { ...touched, life: "paused" };
      case "PersonaResumed":
        return { ...touched, life: "active" };
      case "PersonaRetired":
        return { ...touched, life: "retired" };
      case "PersonaDeleted":
        return null;
      default:
        return touched;
    }
  },
};
