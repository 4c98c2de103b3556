/** Commands about the persona itself and its connections. */
import type { Command } from "../commands.ts";
import { event } from "../events.ts";
import { limitsOf } from "../platforms/limits.ts";
import type { PersonaState } from "../state.ts";
import { FINISHED } from "../state.ts";
import { reasonOf } from "../text.ts";
import type { Decide } from "./decision.ts";
import { decided, refuse } from "./decision.ts";

type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

export const create: Decide<Of<"create">> = (state, command) =>
  state.life === "none"
    ? decided(event("PersonaCreated", {
      identity: command.identity,
      origin: command.origin,
      format: command.format ?? null,
      paused: command.paused ?? false,
    }))
    : refuse("exists", "This persona exists already.");

export const edit: Decide<Of<"edit">> = (state, command) => {
  const changed = Object.entries(command.changes).filter(([field, value]) =>
    value !== undefined &&
    JSON.stringify(state.identity[field as keyof typeof state.identity]) !== JSON.stringify(value)
  );
  if (changed.length === 0) return refuse("nothing_changed", "Nothing of this would change anything.");
  const changes = Object.fromEntries(changed) as Of<"edit">["changes"];
  const hasReal = linked(state).some((one) => limitsOf(one.platform).real);
  if (state.identity.kind === "real_person" && changes.kind !== undefined) {
    return refuse("real_person", "A persona of a real living person stays one.", "kind");
  }
  if (hasReal && changes.kind === "real_person") {
    return refuse(
      "real_person",
      "Unlink the real accounts first: a real living person's persona has none.",
      "kind",
    );
  }
  if (hasReal && changes.operatedBy !== undefined && changes.operatedBy.trim() === "") {
    return refuse("operator_unnamed", "A persona with a real account names who runs it.", "operatedBy");
  }
  return decided(event("PersonaEdited", { changes }));
};

export const pause: Decide<Of<"pause">> = (state) =>
  state.life === "active"
    ? decided(event("PersonaPaused", {}))
    : refuse("wrong_status", "Only an active persona can be paused; this one is " + state.life + ".");

export const resume: Decide<Of<"resume">> = (state) =>
  state.life === "paused"
    ? decided(event("PersonaResumed", {}))
    : refuse("wrong_status", "Only a paused persona can be resumed; this one is " + state.life + ".");

/** Retiring ends what has not gone out; what may be on its way is left to its outcome. */
export const retire: Decide<Of<"retire">> = (state) =>
  state.life === "retired"
    ? refuse("wrong_status", "This persona is retired already.")
    : decided(...withdrawals(state), event("PersonaRetired", {}));

export const remove: Decide<Of<"delete">> = (state) => {
  const onItsWay = Object.values(state.posts).find((post) =>
    post.publish?.attemptOpen || post.status === "uncertain"
  );
  if (onItsWay !== undefined) {
    return refuse(
      "wrong_status",
      "A post of this persona may be on its way out: wait for its outcome or resolve it first.",
    );
  }
  return decided(...withdrawals(state), ...unlinks(state), event("PersonaDeleted", {}));
};

export const link: Decide<Of<"link">> = (state, { connection }) => {
  const { real, label } = limitsOf(connection.platform);
  const other = linked(state).find((one) =>
    one.platform === connection.platform && one.connectionId !== connection.connectionId
  );
  if (other !== undefined) {
    return refuse(
      "connection_in_use",
      `This persona has a ${label} account already (${other.handle}): unlink it first.`,
    );
  }
  const linkage = () => decided(event("ConnectionLinked", connection), ...relinked(state, connection));
  if (!real) return linkage();
  if (state.identity.kind === "real_person") {
    return refuse("real_person", "A persona of a real living person cannot have a real account.");
  }
  if (state.identity.operatedBy.trim() === "") {
    return refuse(
      "operator_unnamed",
      "Name who runs this persona (operatedBy) before linking a real account.",
      "operatedBy",
    );
  }
  if (connection.disclosure === "none") {
    return refuse(
      "disclosure_missing",
      "A real account has to say that a machine writes there.",
      "disclosure",
    );
  }
  return linkage();
};

export const unlink: Decide<Of<"unlink">> = (state, command) => {
  if (state.connections[command.connectionId]?.linked !== true) {
    return refuse("no_connection", "There is no such connection.", "connectionId");
  }
  return decided(event("ConnectionUnlinked", { connectionId: command.connectionId }));
};

export const lost: Decide<Of<"lost">> = (state, command) => {
  const connection = state.connections[command.connectionId];
  if (connection === undefined || !connection.linked || connection.health === "lost") {
    return refuse("wrong_status", "This connection is not in use, or known to be lost.");
  }
  return decided(
    event("ConnectionLost", { connectionId: command.connectionId, reason: reasonOf(command.reason) }),
  );
};

export const checkConnection: Decide<Of<"check_connection">> = (state, { connectionId }) =>
  state.connections[connectionId]?.linked === true
    ? decided(event("ConnectionCheckRequested", { connectionId }))
    : refuse("no_connection", "There is no such connection.", "connectionId");

/** A lost one that works again is restored: what waits for it goes on. */
export const checked: Decide<Of<"checked">> = (state, command) => {
  const connection = state.connections[command.connectionId];
  if (connection === undefined || !connection.linked || !connection.checkAsked) {
    return refuse("wrong_status", "Nobody asks for this any more.");
  }
  const { connectionId, ok } = command;
  const reason = reasonOf(command.reason);
  const health = ok && connection.health === "lost" ? [event("ConnectionRestored", { connectionId })] : [];
  return decided(event("ConnectionChecked", { connectionId, ok, reason }), ...health);
};

/**
 * Relinking to another account voids the approvals that were given for the one before, also where the post was about
 * to be sent. One that may be out already keeps its doubt: a person says what became of it.
 */
function relinked(state: PersonaState, connection: Of<"link">["connection"]) {
  const before = state.connections[connection.connectionId];
  if (before === undefined || before.accountId === connection.accountId) return [];
  return Object.values(state.posts)
    .filter((post) =>
      post.connectionId === connection.connectionId &&
      (post.status === "approved" || post.status === "scheduled" ||
        (post.status === "publishing" && post.publish?.attemptOpen === false))
    )
    .map((post) =>
      event("PostHeldBack", {
        postId: post.id,
        reason: "The connection leads to another account now.",
        verdicts: post.verdicts,
      })
    );
}

export function linked(state: PersonaState) {
  return Object.values(state.connections).filter((one) => one.linked);
}

function withdrawals(state: PersonaState) {
  return Object.values(state.posts)
    .filter((post) => !FINISHED.has(post.status) && post.status !== "uncertain" && !post.publish?.attemptOpen)
    .map((post) => event("PostWithdrawn", { postId: post.id }));
}

function unlinks(state: PersonaState) {
  return linked(state).map((one) => event("ConnectionUnlinked", { connectionId: one.connectionId }));
}
