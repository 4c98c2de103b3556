/** Test equipment: a TCP proxy before a server on this machine, which can lose every connection and refuse new ones. */

export interface TcpProxy {
  /** `http://127.0.0.1:port`. */
  url: string;
  /** Closes every connection, and each new one, until `mend`. */
  cut(): void;
  mend(): void;
  stop(): void;
}

export function startTcpProxy(target: string): TcpProxy {
  const { hostname, port } = new URL(target);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Deno.Conn>();
  let broken = false;

  const close = (connection: Deno.Conn): void => {
    if (open.delete(connection)) connection.close();
  };
  const pass = async (from: Deno.Conn, to: Deno.Conn): Promise<void> => {
    const buffer = new Uint8Array(65_536);
    try {
      for (let size = await from.read(buffer); size !== null; size = await from.read(buffer)) {
        for (let at = 0; at < size;) at += await to.write(buffer.subarray(at, size));
      }
    } catch {
      // One side is gone: so is the other.
    }
    close(from);
    close(to);
  };
  const accept = async (client: Deno.Conn): Promise<void> => {
    if (broken) return client.close();
    open.add(client);
    try {
      const server = await Deno.connect({ hostname, port: Number(port) });
      open.add(server);
      void pass(client, server);
      void pass(server, client);
    } catch {
      // The server is not there: the client learns it as it would without us.
      close(client);
    }
  };
  void (async () => {
    for await (const client of listener) void accept(client);
  })();

  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    cut() {
      broken = true;
      for (const connection of [...open]) close(connection);
    },
    mend: () => void (broken = false),
    stop() {
      listener.close();
      for (const connection of [...open]) close(connection);
    },
  };
}
