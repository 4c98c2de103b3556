/** For a container's health check: exit code 0 when the program on this machine answers. Needs net to 127.0.0.1 and env PORT. */
const LIMIT_MS = 4_000;

const url = `http://127.0.0.1:${Deno.env.get("PORT") || "8000"}/healthz`;
try {
  const answer = await fetch(url, { signal: AbortSignal.timeout(LIMIT_MS) });
  if (!answer.ok) throw new Error(`it answers ${answer.status}`);
} catch (error) {
  console.error(`${url}: ${error instanceof Error ? error.message : String(error)}`);
  Deno.exit(1);
}
