/** What LinkedIn answers when it refuses, word for word where its words are known. */

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  /** Sent as JSON; undefined: no body at all. */
  body?: unknown;
  /** Sent as a page instead of `body`. */
  html?: string;
}

/** Thrown by whatever judges a request; its answer is sent as it is. */
export class Refusal extends Error {
  override name = "Refusal";
  constructor(readonly answer: Answer) {
    super(JSON.stringify(answer.body ?? answer.status));
  }
}

export function refuse(status: number, fields: Record<string, unknown>, gateway = false): Refusal {
  const headers: Record<string, string> = gateway ? { "x-restli-gateway-error": "true" } : {};
  return new Refusal({ status, headers, body: { status, ...fields } });
}

export const unauthorized = {
  empty: () =>
    refuse(401, {
      serviceErrorCode: 65604,
      code: "EMPTY_ACCESS_TOKEN",
      message: "Empty oauth2 access token",
    }),
  invalid: () =>
    refuse(401, { serviceErrorCode: 65600, code: "INVALID_ACCESS_TOKEN", message: "Invalid access token" }),
  revoked: () =>
    refuse(401, {
      serviceErrorCode: 65601,
      code: "REVOKED_ACCESS_TOKEN",
      message: "The token used in the request has been revoked by the user",
    }),
  expired: () =>
    refuse(401, {
      serviceErrorCode: 65602,
      code: "EXPIRED_ACCESS_TOKEN",
      message: "The token used in the request has expired",
    }),
};

export function denied(message: string): Refusal {
  return refuse(403, { serviceErrorCode: 100, code: "ACCESS_DENIED", message });
}

/** Fields that may not be set there at all: known ones as well as unknown ones. */
export function unpermitted(where: "REQUEST_BODY" | "PARAMETER", fields: string[]): Refusal {
  return denied(
    `Unpermitted fields present in ${where}: Data Processing Exception while processing fields [${
      fields.join(", ")
    }]`,
  );
}

/** A field whose value this member or application may not set: somebody else as author, for instance. */
export function notYours(field: string): Refusal {
  return denied(
    `Field Value validation failed in REQUEST_BODY: Data Processing Exception while processing fields [/${field}]`,
  );
}

/** A request whose content is wrong; `code` is what a client can go by. */
export function wrongInput(status: 400 | 422, code: string, field: string, description: string): Refusal {
  return refuse(status, {
    errorDetailType: "com.linkedin.common.error.BadRequest",
    code,
    message: description,
    errorDetails: { inputErrors: [{ description, input: { inputPath: { fieldPath: field } }, code }] },
  });
}

export function duplicateOf(urn: string): Refusal {
  return refuse(422, {
    errorDetailType: "com.linkedin.common.error.BadRequest",
    message:
      `com.linkedin.content.common.exception.BadRequestResponseException: Content is a duplicate of ${urn}`,
    errorDetails: {
      inputErrors: [{ description: "Duplicate post is detected", input: {}, code: "DUPLICATE_POST" }],
    },
  });
}

export function wrongParameter(field: string): Refusal {
  return refuse(400, {
    errorDetailType: "com.linkedin.common.error.BadRequest",
    code: "ILLEGAL_ARGUMENT",
    message: "Invalid param. Please see errorDetails for more information.",
    errorDetails: {
      inputErrors: [{
        description: "Invalid value for param; wrong type or other syntax error",
        input: { inputPath: { fieldPath: field } },
        code: "PARAM_INVALID",
      }],
    },
  });
}

export function wrongPath(): Refusal {
  return refuse(400, { code: "ILLEGAL_ARGUMENT", message: "Syntax exception in path variables" });
}

export function notFound(what: string): Refusal {
  return refuse(404, { code: "NOT_FOUND", message: `Could not find entity: ${what}` });
}

export function throttled(scope: "APPLICATION" | "APPLICATION_AND_MEMBER"): Refusal {
  return refuse(429, {
    serviceErrorCode: 101,
    code: "TOO_MANY_REQUESTS",
    message: `Resource level throttle ${scope} DAY limit for calls to this resource is reached.`,
  }, true);
}
