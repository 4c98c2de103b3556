/** What connects an account to a persona. */
import { z } from "@hono/zod-openapi";
import { line } from "./fields.ts";

const secretText = (description: string) =>
  z.string().trim().min(1, "must not be empty").max(300).openapi({ description, format: "password" });

const NOT_BY_PROGRAM =
  "must be sandbox, bluesky or x; LinkedIn, and X without keys, are connected in the console: a person has to " +
  "give leave there";

const standingFields = {
  operatedBy: line(200).optional().openapi({
    description: "Who runs the persona; kept with it. May be left out where it is named already.",
    example: "Holt Radio Workshop",
  }),
  kind: z.enum(["fictional", "own", "consenting", "parody"], {
    error: "must be fictional, own, consenting or parody: a real living person's persona has no real account",
  }).optional().openapi({ description: "What the persona is; kept with it." }),
};
const replace = z.boolean().optional().openapi({
  description:
    "Lets it take the place of another account that the persona has there; approvals are void then.",
});

/** What is said of a persona when it gets a real account. */
export const StandingSchema = z.strictObject(standingFields);

/** What links an account. Credentials go to the vault, never into a command or an event. */
export const ConnectSchema = z.discriminatedUnion("platform", [
  z.strictObject({ platform: z.literal("sandbox") }).openapi("ConnectSandbox"),
  z.strictObject({
    platform: z.literal("bluesky"),
    service: z.url({ protocol: /^https?$/, message: "must be an https address" }).max(300).optional().openapi(
      {
        description: "The account's server; found from the handle or DID when left out.",
        example: "https://pds.example",
      },
    ),
    identifier: z.string().trim().min(1, "must not be empty").max(300).openapi({
      description: "Handle, DID or e-mail address.",
      example: "mira.example",
    }),
    password: z.string().min(1, "must not be empty").max(300).openapi({
      description: "An app password.",
      format: "password",
    }),
    ...standingFields,
    disclose: z.boolean().default(true).openapi({
      description: "Label the profile as automated; a real account has to be.",
    }),
    replace,
  }).openapi("ConnectBluesky"),
  z.strictObject({
    platform: z.literal("x"),
    consumerKey: secretText("Of the app: API key."),
    consumerSecret: secretText("Of the app: API key secret."),
    accessToken: secretText("Of the account: access token."),
    accessSecret: secretText("Of the account: access token secret."),
    handle: z.string().trim().regex(/^@?\w{1,15}$/, "must be a handle such as mira_holt").optional().openapi({
      description: "The account that has to answer.",
      example: "mira_holt",
    }),
    ...standingFields,
    disclose: z.boolean().openapi({
      description: "That the account carries X's “Automated” label: no program can set it.",
    }),
    replace,
  }).openapi("ConnectX", { description: "By the four keys of OAuth 1.0a." }),
], { error: (issue) => issue.code === "invalid_union" ? NOT_BY_PROGRAM : undefined }).openapi("Connect");
