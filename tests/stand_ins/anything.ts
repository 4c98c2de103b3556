/** A server that answers what a test tells it to, as no stand-in would: for what a hostile one could send. */

export interface Anything {
  /** No trailing slash. */
  origin: string;
  /** `METHOD /path`, without queries, of every request so far. */
  asked: string[];
}

/** Runs `use` against it; requests that are still being answered are cut off at the end. */
export async function answeringAnything(
  answer: (request: Request) => Response | Promise<Response>,
  use: (server: Anything) => Promise<void>,
): Promise<void> {
  const asked: string[] = [];
  const end = new AbortController();
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {}, signal: end.signal },
    (request) => {
      asked.push(`${request.method} ${new URL(request.url).pathname}`);
      return answer(request);
    },
  );
  try {
    await use({ origin: `http://127.0.0.1:${server.addr.port}`, asked });
  } finally {
    end.abort();
    await server.finished;
  }
}

/** JSON as text, so that a number can be more than a number holds. */
export function json(text: string, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(text, { status, headers: { "content-type": "application/json", ...headers } });
}

const DEEP = 20_000;

/** In place of a word, a name, a number, a list: JSON that is none of them, and breaks whoever takes it for one. */
export const NONSENSE: Record<string, string> = {
  "null": "null",
  "a number": "-7",
  "more than a number holds": "1e999",
  "an empty text": '""',
  "a long text": `"${"x".repeat(50_000)}"`,
  "half a character and a zero": '"\\ud800\\u0000"',
  "an empty list": "[]",
  "a list of nothing": "[null, null]",
  "a deep list": "[".repeat(DEEP) + "]".repeat(DEEP),
  "a deep object": '{"a":'.repeat(DEEP) + "1" + "}".repeat(DEEP),
  "what is no text": '{"toString": 1, "valueOf": 1}',
  "another ancestor": '{"__proto__": {"id": "1", "length": 9}}',
};

/** A body that never ends, a byte at a time. */
export function endless(): Response {
  const one = new Uint8Array([0x20]);
  let timer: ReturnType<typeof setInterval>;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      timer = setInterval(() => controller.enqueue(one), 5);
    },
    cancel() {
      clearInterval(timer);
    },
  });
  return new Response(body, { headers: { "content-type": "application/json" } });
}

/** More than any answer of a platform. */
export function huge(): Response {
  return json(`{"data": "${"x".repeat(3_000_000)}"}`);
}
