/** A stand-in for a Bluesky server that cannot keep anything to itself. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface AccountSecrets {
  password: string;
  accessJwt: string;
  refreshJwt: string;
  /** Of the session after the first one, which soon is said to have expired. */
  renewedAccessJwt: string;
  renewedRefreshJwt: string;
}

export interface IndiscreetPds {
  origin: string;
  /** Times that it repeated what it had been told. */
  echoed(): number;
  stop(): Promise<void>;
}

/** A Bluesky server that puts whatever it is told into its refusals. */
export async function startIndiscreetPds(secrets: AccountSecrets): Promise<IndiscreetPds> {
  const did = "did:plc:marisolmarisolmarisolmar";
  let echoed = 0;
  let renewed = false;
  const server = createServer(async (request, response) => {
    const method = new URL(request.url ?? "/", "http://pds").pathname.replace("/xrpc/", "");
    const body = await bodyOf(request);
    const answer = (status: number, value: unknown) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(value));
    };
    const tell = (status: number, error: string) => {
      echoed++;
      const heard = `${request.headers.authorization ?? ""} ${body}`;
      answer(status, { error, message: `You said: ${heard}` });
    };
    switch (method) {
      case "com.atproto.server.createSession":
        if (JSON.parse(body).password !== secrets.password) {
          return tell(401, "AuthenticationRequired");
        }
        return answer(200, {
          did,
          handle: "marisol.test",
          accessJwt: secrets.accessJwt,
          refreshJwt: secrets.refreshJwt,
        });
      case "com.atproto.server.refreshSession":
        renewed = true;
        return answer(200, {
          did,
          handle: "marisol.test",
          accessJwt: secrets.renewedAccessJwt,
          refreshJwt: secrets.renewedRefreshJwt,
        });
      case "com.atproto.repo.getRecord":
        return answer(400, { error: "RecordNotFound", message: "Could not locate record" });
      case "com.atproto.repo.putRecord": {
        const { collection, rkey, repo } = JSON.parse(body);
        if (collection === "app.bsky.actor.profile") {
          return answer(200, { uri: `at://${repo}/${collection}/${rkey}`, cid: "bafyone" });
        }
        return renewed ? tell(400, "InvalidRequest") : tell(401, "ExpiredToken");
      }
      default:
        return renewed ? tell(400, "InvalidRequest") : tell(401, "ExpiredToken");
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    echoed: () => echoed,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text;
}
