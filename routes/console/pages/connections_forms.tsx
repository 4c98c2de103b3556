/** The forms with which a real account is connected. Each begins with who runs the persona, what it is, and that it says so. */
import { limitsOf } from "../../../actors/persona/platforms/limits.ts";
import type { Child } from "hono/jsx";
import { KINDS } from "../identity_form.tsx";
import { Check, type Errors, FormError, Input, Select } from "../parts/field.tsx";
import { Post } from "../parts/small.tsx";
import { ExternalLink } from "../parts/text.tsx";

export const REAL_PLATFORMS = ["bluesky", "x", "linkedin"] as const;
export type RealPlatform = typeof REAL_PLATFORMS[number];

export interface FormProps {
  persona: { id: string; kind: string; operatedBy: string };
  /** What was typed; never a secret. */
  typed?: Record<string, string>;
  errors?: Errors;
  /** Whether the persona has an account there. */
  again?: boolean;
  /** Where the platform sends the browser back to. */
  callback?: string | null;
  /** The client id of the operator's settings. */
  app?: string | null;
}

export const formId = (platform: RealPlatform): string => `${platform}-form`;

export function ConnectForm({ platform, ...props }: FormProps & { platform: RealPlatform }) {
  const { persona, errors = {}, again = false } = props;
  const { label } = limitsOf(platform);
  const Fields = FIELDS[platform];
  return (
    <Post
      action={`/personas/${persona.id}/connections/${platform}`}
      class="panel stack"
      id={formId(platform)}
    >
      <h2>{again ? `Connect ${label} again` : `Connect ${label}`}</h2>
      <p class="small soft">
        People outside will see what is published there. Until you say otherwise, nothing goes out without a
        person's approval.
      </p>
      <FormError errors={errors} />
      <FirstStep platform={platform} {...props} />
      {errors.replace !== undefined && (
        <Check
          name="replace"
          label="Let the account that answered take the other one's place"
          errors={errors}
        />
      )}
      <Fields {...props} />
    </Post>
  );
}

/** Without `real_person`: that one has no real account, and says so in place of the form. */
const LINKABLE = KINDS.filter(({ value }) => value !== "real_person");

function FirstStep({ platform, persona, typed = {}, errors }: FormProps & { platform: RealPlatform }) {
  return (
    <>
      <Input
        name="operatedBy"
        label="Run by"
        scope={platform}
        value={typed.operatedBy ?? persona.operatedBy}
        errors={errors}
        required
        maxlength={200}
        hint="Who answers for this persona, as the public may read it."
      />
      <Select
        name="kind"
        label="What it is"
        scope={platform}
        value={typed.kind ?? persona.kind}
        options={LINKABLE}
        errors={errors}
      />
      <Disclosure
        platform={platform}
        checked={typed.disclose === "on"}
        fresh={typed.disclose === undefined}
        errors={errors}
      />
    </>
  );
}

function Disclosure({ platform, checked, fresh, errors }: {
  platform: RealPlatform;
  checked: boolean;
  fresh: boolean;
  errors?: Errors;
}) {
  switch (platform) {
    case "bluesky":
      return (
        <Check
          name="disclose"
          label="Label the profile as automated"
          checked={checked || fresh}
          errors={errors}
          hint="A real account has to say that a machine writes there."
        />
      );
    case "x":
      return (
        <div>
          <Check
            name="disclose"
            label="The account carries X's “Automated” label"
            checked={checked}
            errors={errors}
            hint="Set it on X under Settings, Your account, Account information, Automation, and name who runs it in the bio: no program can."
          />
          <p class="small">
            <ExternalLink href="https://help.x.com/en/using-x/automated-account-labels">How to</ExternalLink>
          </p>
        </div>
      );
    case "linkedin":
      return (
        <div>
          <Check
            name="disclose"
            label="The profile or page says that an AI writes there"
            checked={checked}
            errors={errors}
            hint="Write it in About, for example: “Posts here are written with AI and approved by a person.” LinkedIn has no label for it."
          />
          <p class="small">
            <ExternalLink href="https://www.linkedin.com/legal/professional-community-policies">
              LinkedIn's rules
            </ExternalLink>
          </p>
        </div>
      );
    default:
      return platform satisfies never;
  }
}

function BlueskyFields({ typed = {}, errors = {} }: FormProps) {
  return (
    <>
      <Input
        name="identifier"
        label="Handle or DID"
        scope="bluesky"
        value={typed.identifier}
        errors={errors}
        required
        placeholder="name.bsky.social"
        autocomplete="off"
      />
      <Input
        name="password"
        type="password"
        label="App password"
        scope="bluesky"
        errors={errors}
        required
        autocomplete="off"
        hint="Make one in Bluesky: Settings, Privacy and security, App passwords. Never the account's own password."
      />
      <details class="fold" open={(typed.service ?? "") !== "" || errors.service !== undefined}>
        <summary>Another server</summary>
        <Input
          name="service"
          type="url"
          label="Server"
          scope="bluesky"
          value={typed.service}
          errors={errors}
          hint="May be empty: it is found from the handle or DID."
        />
      </details>
      <div class="row">
        <button class="btn go">Check and connect</button>
        <span class="small soft">Logs in once to see that it works.</span>
      </div>
    </>
  );
}

const KEYS: { name: string; label: string }[] = [
  { name: "consumerKey", label: "API key" },
  { name: "consumerSecret", label: "API key secret" },
  { name: "accessToken", label: "Access token" },
  { name: "accessSecret", label: "Access token secret" },
];

function XFields(props: FormProps) {
  const { typed = {}, errors = {} } = props;
  const byKeys = typed.way === "keys" || errors.keys !== undefined;
  return (
    <>
      <AppFields platform="x" {...props} />
      <div class="row">
        <button class="btn go" name="way" value="leave">Go to X and agree</button>
        <span class="small soft">You come back here and confirm the account.</span>
      </div>
      <details class="fold" open={byKeys}>
        <summary>Four keys instead (OAuth 1.0a)</summary>
        <div class="stack">
          <p class="small soft">
            From “Keys and tokens” of the app on X, made with leave to read and write. They do not expire.
          </p>
          {errors.keys !== undefined && <div class="notice bad" role="alert">{errors.keys}</div>}
          {KEYS.map(({ name, label }) => (
            <Input name={name} label={label} type="password" scope="x" errors={errors} autocomplete="off" />
          ))}
          <div class="row">
            <button class="btn go" name="way" value="keys">Check the keys</button>
            <span class="small soft">You see whose they are before anything is kept.</span>
          </div>
        </div>
      </details>
    </>
  );
}

function LinkedInFields(props: FormProps) {
  const { typed = {}, errors = {} } = props;
  return (
    <>
      <Select
        name="as"
        label="Posts as"
        scope="linkedin"
        value={typed.as ?? "page"}
        errors={errors}
        options={[
          { value: "page", label: "A page: the app has LinkedIn's Community Management API" },
          { value: "member", label: "A member: yourself, or a real person who agreed" },
        ]}
        hint="An app should always ask for the same: LinkedIn ends earlier leave when it asks for other things."
      />
      <AppFields platform="linkedin" {...props} />
      <div class="row">
        <button class="btn go">Go to LinkedIn and agree</button>
        <span class="small soft">You come back here and choose the account.</span>
      </div>
    </>
  );
}

function AppFields(
  { platform, typed = {}, errors = {}, again = false, app = null, callback = null }: FormProps & {
    platform: "x" | "linkedin";
  },
) {
  const known = again || app !== null ? "Empty: the app that is known already." : undefined;
  return (
    <>
      <p class="small">
        Your app on {limitsOf(platform).label} has to know this address as a callback:{" "}
        <code class="mono">{callback ?? "(the address of this page is not known)"}</code>
      </p>
      <Input
        name="clientId"
        label="Client ID of the app"
        scope={platform}
        value={typed.clientId}
        errors={errors}
        autocomplete="off"
        placeholder={app ?? undefined}
        hint={known}
      />
      <Input
        name="clientSecret"
        type="password"
        label="Client secret"
        scope={platform}
        errors={errors}
        autocomplete="off"
        hint={platform === "x"
          ? "Empty for a public client, too. It is kept encrypted and never shown again."
          : "It is kept encrypted and never shown again."}
      />
    </>
  );
}

const FIELDS: Record<RealPlatform, (props: FormProps) => Child> = {
  bluesky: BlueskyFields,
  x: XFields,
  linkedin: LinkedInFields,
};
