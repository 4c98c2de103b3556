/** The worker of `writer_test.ts`: writes one text with the settings it is sent, as an actor would. */
import type { WriterSettings, WritingRequest } from "./port.ts";
import { createWriter } from "./writer.ts";

const scope = self as unknown as {
  onmessage: ((event: MessageEvent<{ settings: WriterSettings; request: WritingRequest }>) => void) | null;
  postMessage(message: unknown): void;
};

scope.onmessage = async ({ data: { settings, request } }) => {
  const result = await createWriter(settings).write(
    request,
    new AbortController().signal,
    (text) => scope.postMessage({ text }),
  );
  scope.postMessage({ result });
};
