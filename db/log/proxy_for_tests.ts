/** A TCP proxy in front of a database's Unix socket that can hold and cut what passes, for tests of lost answers. */
import { join } from "node:path";

type Direction = "requests" | "answers";

export interface Proxy {
  /** For `pg`: `{host, port}`. */
  address: { host: string; port: number };
  /** Stops passing on what comes in this direction; it is kept. */
  hold(direction: Direction): void;
  /** Passes on again, first what was kept. */
  release(): void;
  /** Bytes that are being kept. */
  held(direction: Direction): number;
  /** Closes every connection and forgets what is kept. */
  cut(): void;
  /** Closes every new connection at once, until told otherwise. */
  refuse(refusing: boolean): void;
  /** Connections that were accepted so far. */
  accepted(): number;
  close(): void;
}

export function startProxy(socketFolder: string, port = 5432): Proxy {
  const path = join(socketFolder, `.s.PGSQL.${port}`);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const holding = { requests: false, answers: false };
  let kept: { direction: Direction; bytes: Uint8Array; to: Deno.Conn }[] = [];
  const connections = new Set<Deno.Conn>();
  let refusing = false;
  let accepted = 0;

  const close = (connection: Deno.Conn): void => {
    if (connections.delete(connection)) connection.close();
  };
  const write = async (to: Deno.Conn, bytes: Uint8Array): Promise<void> => {
    for (let at = 0; at < bytes.length;) at += await to.write(bytes.subarray(at));
  };
  const pass = async (from: Deno.Conn, to: Deno.Conn, direction: Direction): Promise<void> => {
    const buffer = new Uint8Array(65_536);
    try {
      for (;;) {
        const size = await from.read(buffer);
        if (size === null) break;
        const bytes = buffer.slice(0, size);
        if (holding[direction]) kept.push({ direction, bytes, to });
        else await write(to, bytes);
      }
    } catch {
      // One side is gone: so is the other.
    }
    close(from);
    close(to);
  };
  const accept = async (client: Deno.Conn): Promise<void> => {
    accepted++;
    if (refusing) return client.close();
    connections.add(client);
    try {
      const server = await Deno.connect({ transport: "unix", path });
      connections.add(server);
      void pass(client, server, "requests");
      void pass(server, client, "answers");
    } catch {
      // The database is not there: the client learns it as it would without us.
      close(client);
    }
  };
  (async () => {
    for await (const client of listener) void accept(client);
  })();

  return {
    address: { host: "127.0.0.1", port: listener.addr.port },
    hold: (direction) => void (holding[direction] = true),
    release() {
      holding.requests = holding.answers = false;
      // Errors: that connection was cut in the meantime.
      for (const { to, bytes } of kept.splice(0)) write(to, bytes).catch(() => {});
    },
    held: (direction) =>
      kept.filter((chunk) => chunk.direction === direction).reduce((sum, { bytes }) => sum + bytes.length, 0),
    cut() {
      kept = [];
      for (const connection of [...connections]) close(connection);
    },
    refuse: (value) => void (refusing = value),
    accepted: () => accepted,
    close() {
      listener.close();
      for (const connection of [...connections]) close(connection);
    },
  };
}
