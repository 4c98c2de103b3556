/**
 * Shuts what a worker of Deno may use without any permission, and must not: imported before everything else that does
 * something. It stops mistakes; code that is out to get at these finds other ways (a thread of its own, a socket on the number of
 * an open file), so what is loaded into a worker is still chosen with care.
 */

// The process's own pipe belongs to the cell: what is written there would be taken for frames of anybody.
Deno.stdin.close();
Deno.stdout.close();

// Kept on disk, for every worker of every persona to see.
Reflect.deleteProperty(globalThis, "caches");
