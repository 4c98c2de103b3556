/** What the task `start` runs in place of the program when its permissions cannot be said; `permissions.ts` has told why. */
Deno.exit(78);
