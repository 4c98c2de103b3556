/** What a person does at the start: the set-up link, a token, a persona. */
import type { Client } from "./client.ts";
import type { Life } from "./life.ts";

const SCOPES = ["read", "write", "approve", "approve:real"];

/** Follows the set-up link in the program's output and makes a token with every scope that a post needs. */
export async function setUpOwner(life: Life, client: Client): Promise<void> {
  const line = life.lines.find((line) => line.includes("/setup?token=")) ??
    await life.line(/\/setup\?token=/);
  const token = new URL(line.slice(line.indexOf("http"))).searchParams.get("token") ?? "";
  const own = { origin: client.origin, "x-digi-persona": "1" };
  const made = await fetch(`${client.origin}/setup`, {
    method: "POST",
    redirect: "manual",
    headers: { ...own, "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ token, name: "Crash Tester", password: "tandem-gravel-orchid-47" }),
  });
  const page = await made.text();
  const cookie = made.headers.get("set-cookie")?.split(";")[0];
  if (made.status !== 303 || cookie === undefined) throw new Error(`no owner: ${made.status} ${page}`);
  const answer = await fetch(`${client.origin}/api/v1/tokens`, {
    method: "POST",
    headers: { ...own, cookie, "content-type": "application/json" },
    body: JSON.stringify({ name: "crash campaign", scopes: SCOPES }),
  });
  const body = await answer.json();
  if (answer.status !== 201) throw new Error(`no token: ${JSON.stringify(body)}`);
  client.use(body.token);
}

export async function createPersona(client: Client): Promise<string> {
  const { status, body } = await client.definite<{ id: string }>("POST", "/api/v1/personas", {
    name: "Ada Fern",
    background: "A botanist who explains city trees to people who walk past them.",
    purpose: "Make people look up.",
    interests: ["city trees", "bark", "soil"],
    tone: ["warm", "exact"],
    zone: "Europe/Lisbon",
    operatedBy: "Fern Street Observatory",
  }, crypto.randomUUID());
  if (status !== 201) throw new Error(`no persona: ${JSON.stringify(body)}`);
  return body.id;
}

/** Links an account; gives back its id on the platform. */
export async function linkAccount(
  client: Client,
  personaId: string,
  credentials: Record<string, unknown>,
): Promise<string> {
  const path = `/api/v1/personas/${personaId}/connections`;
  const { status, body } = await client.definite<{ accountId: string }>("POST", path, credentials);
  if (status !== 201) throw new Error(`no connection: ${JSON.stringify(body)}`);
  return body.accountId;
}
