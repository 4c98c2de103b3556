/** What the supervisor reads beside the log, from the database. */
import { personasWithDue } from "../../db/read/due.ts";
import { personasToListen, setListening } from "../../db/read/listening.ts";
import { parkedPersona, parkedPersonas } from "../../db/read/parked.ts";
import { getPost } from "../../db/read/posts.ts";
import type { Sql } from "../../db/sql.ts";
import type { Reads } from "./ports.ts";

export function databaseReads(sql: Sql): Reads {
  return {
    postExists: async (postId) => await getPost(sql, postId) !== null,
    personasDue: (now, without, held) => personasWithDue(sql, now, without, held),
    personasToListen: (now, limit) => personasToListen(sql, now, limit),
    listenAt: (personaId, at, { unlessSet }) => setListening(sql, personaId, at, unlessSet),
    parkedPersonas: (limit) => parkedPersonas(sql, limit),
    parked: (personaId) => parkedPersona(sql, personaId),
  };
}
