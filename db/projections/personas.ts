import type { Identity } from "../../actors/persona/identity.ts";
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
  ],
  touches: (event) => [{ id: event.stream }],
  fold(row, stored) {
    const event = known(stored);
    if (event.type === "PersonaCreated") {
      return {
        id: event.stream,
        name: event.data.identity.name,
        life: event.data.paused ? "paused" : "active",
        identity: event.data.identity,
        origin: event.data.origin,
        format: event.data.format,
        created_at: event.at,
        updated_at: event.at,
        created_position: event.position,
        version: event.version,
      };
    }
    if (row === null) return null;
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
