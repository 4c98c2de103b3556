/** `sun_path` holds 108 bytes on Linux and 104 on macOS, the last of them NUL. */
const MAX_SOCKET_PATH = Deno.build.os === "darwin" ? 103 : 107;

export interface SocketFolder {
  folder: string;
  /** It lies outside DATA_DIR and is removed when the server ends. */
  temporary: boolean;
  /** Makes it again when it has been removed; called before each start. */
  prepare(): Promise<void>;
}

/** The folder that was asked for, or, where a socket's path in it would be too long for the system, a short one below /tmp. */
export async function chooseSocketFolder(wanted: string): Promise<SocketFolder> {
  if (new TextEncoder().encode(`${wanted}/.s.PGSQL.5432`).length <= MAX_SOCKET_PATH) {
    return { folder: wanted, temporary: false, prepare: () => Promise.resolve() };
  }
  const folder = await Deno.makeTempDir({ dir: "/tmp", prefix: "digi-persona-" });
  return {
    folder,
    temporary: true,
    prepare: async () => {
      await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
    },
  };
}
