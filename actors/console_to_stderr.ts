/**
 * Frames own the way out of a cell: whatever anybody logs goes to stderr, which main drains. Imported before everything
 * else, so that it holds for what the others do when they are loaded.
 */

/** Those that would write to stdout. */
const names = [
  ...["log", "info", "debug", "warn", "dir", "dirxml", "table", "count", "group", "groupCollapsed"],
  ...["timeLog", "timeEnd", "clear"],
] as const;

const toStderr = console.error.bind(console);
for (const name of names) Object.assign(console, { [name]: toStderr });
