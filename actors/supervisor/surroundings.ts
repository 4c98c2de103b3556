/** The border between one persona's actor and the supervisor that it belongs to. */
import type { EventLog, StoredEvent } from "../../db/log/log.ts";
import type { Down, Up } from "../persona/protocol.ts";
import type { PersonaState } from "../persona/state.ts";
import type { Clock, Random } from "../ports.ts";
import type { Cell } from "./cells.ts";
import type { Life } from "./life.ts";
import type { MailboxLimits } from "./mailbox.ts";
import type { Room } from "./room.ts";
import type { CellEnd, SupervisionEvent } from "./supervisor_port.ts";

/** How a life came to its end. */
export interface Fall {
  cause: CellEnd | "error";
  reason: string;
  stack: string;
  charged: boolean;
  /** It may have been this one: it goes on in a cell of its own. */
  suspect: boolean;
}

/** What an actor needs of its supervisor. */
export interface Surroundings {
  log: EventLog;
  limits: MailboxLimits;
  clock: Clock;
  random: Random;
  room: Room;
  /** Starts a worker in a cell with exactly these hosts. */
  begin(hosts: string[], alone: boolean): Life;
  /** Ends its worker, and takes it out of its cell. */
  end(life: Life): void;
  /** Kills the cell. `blame`: it is this one's doing. */
  kill(cell: Cell, end: CellEnd, detail: string, blame: Life | null): void;
  hostsOf(): Promise<string[]>;
  parked(): Promise<{ at: string; by: string; reason: string } | null>;
  /** The first frames for a worker: its settings, its secrets, which are never logged, and what is stopped. */
  startFrame(snapshot: PersonaState | null, listen: boolean): Extract<Down, { t: "start" }>;
  startFrames(): Promise<Extract<Down, { t: "secret" | "windows" }>[]>;
  heldFrame(): Extract<Down, { t: "held" }>;
  /** Committed events of this persona, after its actor was told. */
  committed(events: StoredEvent[]): void;
  /** A frame that is not about commands. */
  other(message: Up): void;
  changed(): void;
  happened(event: SupervisionEvent): void;
  report(text: string): void;
  /** Whether the program is ending: then nothing is started any more. */
  closing(): boolean;
}
