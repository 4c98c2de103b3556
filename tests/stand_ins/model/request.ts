/** The strict half: what a chat completion request must look like, so that a wrong client is found out here. */

export interface ChatRequest {
  model: string;
  messages: { role: "system" | "user" | "assistant"; content: string }[];
  stream: true;
  stream_options?: { include_usage: boolean };
  seed?: number;
  max_completion_tokens?: number;
}

const KNOWN = new Set(["model", "messages", "stream", "stream_options", "seed", "max_completion_tokens"]);

/** The request, or the field that is wrong and why. */
export function readChatRequest(body: unknown): ChatRequest | { param: string; message: string } {
  const wrong = (param: string, message: string) => ({ param, message });
  if (!isRecord(body)) return wrong("", "the body must be a JSON object");
  const unknown = Object.keys(body).find((key) => !KNOWN.has(key));
  if (unknown !== undefined) return wrong(unknown, `unknown field: ${unknown}`);
  if (typeof body.model !== "string" || body.model === "") return wrong("model", "model must be a string");
  if (!Array.isArray(body.messages) || body.messages.length === 0) {
    return wrong("messages", "messages must not be empty");
  }
  for (const [index, message] of body.messages.entries()) {
    const at = `messages[${index}]`;
    if (!isRecord(message)) return wrong(at, `${at} must be an object`);
    if (Object.keys(message).sort().join() !== "content,role") {
      return wrong(at, `${at} must have role and content only`);
    }
    if (!["system", "user", "assistant"].includes(String(message.role))) {
      return wrong(`${at}.role`, "unknown role");
    }
    if (typeof message.content !== "string" || message.content === "") {
      return wrong(`${at}.content`, "content must be text");
    }
    if (!message.content.isWellFormed() || message.content.includes("\0")) {
      return wrong(`${at}.content`, "malformed text");
    }
  }
  if (body.stream !== true) return wrong("stream", "this stand-in only streams");
  if (body.stream_options !== undefined) {
    const options = body.stream_options;
    if (!isRecord(options) || Object.keys(options).join() !== "include_usage") {
      return wrong("stream_options", "wrong options");
    }
    if (typeof options.include_usage !== "boolean") {
      return wrong("stream_options", "include_usage must be a boolean");
    }
  }
  if (body.seed !== undefined && !Number.isInteger(body.seed)) {
    return wrong("seed", "seed must be an integer");
  }
  const most = body.max_completion_tokens;
  if (most !== undefined && (typeof most !== "number" || !Number.isInteger(most) || most < 1)) {
    return wrong("max_completion_tokens", "max_completion_tokens must be a positive integer");
  }
  return body as unknown as ChatRequest;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
