/** How much room is left where the data lies. */
import { statfs } from "node:fs/promises";

/** Free bytes on the file system of `folder`, as an ordinary user may use them. Needs `--allow-sys=statfs`, and read permission on it. */
export function freeBytesOf(folder: string): () => Promise<number> {
  return async () => {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  };
}
