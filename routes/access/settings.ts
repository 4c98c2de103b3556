/** The settings that access depends on; read and checked by `config.ts`. */
export interface AccessSettings {
  /** `PUBLIC_URL`: the address people use. Null: whatever host the server is reached by. */
  publicUrl: string | null;
  /** `TRUST_PROXY`: believe `X-Forwarded-For` and `X-Forwarded-Proto`. */
  trustProxy: boolean;
  /** `ADMIN_TOKEN`: 32 characters or more. */
  adminToken: string | null;
}

export const MIN_ADMIN_TOKEN_LENGTH = 32;

/** Time, randomness and ids, so that tests are deterministic. */
export interface AccessPorts {
  /** Milliseconds since the epoch. */
  now(): number;
  randomBytes(count: number): Uint8Array<ArrayBuffer>;
  uuid(): string;
}

export const systemPorts: AccessPorts = {
  now: () => Date.now(),
  randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  uuid: () => crypto.randomUUID(),
};

/** Throws with the name of the setting that is wrong. Never shows its value when it is a secret. */
export function checkAccessSettings(settings: AccessSettings): void {
  const { adminToken, publicUrl } = settings;
  if (adminToken !== null && adminToken.length < MIN_ADMIN_TOKEN_LENGTH) {
    throw new Error(
      `ADMIN_TOKEN must have ${MIN_ADMIN_TOKEN_LENGTH} characters or more, not ${adminToken.length}.`,
    );
  }
  if (publicUrl === null) return;
  const url = URL.canParse(publicUrl) ? new URL(publicUrl) : null;
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw new Error(`PUBLIC_URL must be an http or https address, not ${JSON.stringify(publicUrl)}.`);
  }
}
