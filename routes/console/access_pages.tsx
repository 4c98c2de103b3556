/** The doors: set-up, log-in, recovery. Plain forms that work without any script. */
import type { Child } from "hono/jsx";
import type { AccessPages, Html, Notice as AccessNotice, PasswordFormProps } from "../access/pages.ts";
import { partial } from "./answers.tsx";
import { Assets } from "./assets.ts";
import { Door } from "./layout.tsx";
import { type Errors, Input } from "./parts/field.tsx";
import { Notice } from "./parts/small.tsx";

export function createAccessPages(assets: Assets = Assets.load()): AccessPages {
  const door = (title: string, body: Child, foot?: Child): Html =>
    `<!doctype html>${String(<Door assets={assets} title={title} foot={foot}>{body}</Door>)}`;
  return {
    setUp: (_c, { token, name, errors, notice }) =>
      door(
        "Set up",
        <>
          <h1>Hello. Who are you?</h1>
          <p class="sub">
            You become the owner: you review what personas say, and nothing goes out without you.
          </p>
          <form class="form" method="post" action="/setup">
            <Faults errors={errors} notice={notice} />
            <input type="hidden" name="token" value={token} />
            <Input
              name="name"
              label="Your name"
              value={name}
              errors={errors}
              autocomplete="username"
              required
              autofocus
              maxlength={64}
            />
            <NewPassword errors={errors} label="Password" />
            <button class="btn go">Set up digi-persona</button>
          </form>
        </>,
        "This page works once. Afterwards you log in with name and password.",
      ),
    logIn: (_c, { name, next, errors, notice }) =>
      door(
        "Log in",
        <>
          <h1>Log in</h1>
          <form class="form" method="post" action="/login">
            <Faults errors={errors} notice={notice} />
            <input type="hidden" name="next" value={next} />
            <Input
              name="name"
              label="Name"
              value={name}
              errors={errors}
              autocomplete="username"
              required
              autofocus={name === ""}
            />
            <Input
              name="password"
              type="password"
              label="Password"
              errors={errors}
              autocomplete="current-password"
              required
              autofocus={name !== ""}
            />
            <button class="btn go">Log in</button>
          </form>
        </>,
        <>
          Password lost? Start digi-persona with <code>RESET_ACCESS=1</code>: it prints a recovery link.
        </>,
      ),
    recover: (_c, { token, name, errors, notice }) =>
      door(
        "Set a new password",
        <>
          <h1>A new password</h1>
          <p class="sub">For {name}. All other sessions end.</p>
          <form class="form" method="post" action="/recover">
            <Faults errors={errors} notice={notice} />
            <input type="hidden" name="token" value={token} />
            <NewPassword errors={errors} label="New password" />
            <button class="btn go">Set the password</button>
          </form>
        </>,
      ),
    recovered: (_c, { name }) =>
      door(
        "Done",
        <>
          <h1>Done</h1>
          <p class="sub">The password of {name} is changed, and every session was ended.</p>
          <p class="form">
            <a class="btn go" href="/login">Log in</a>
          </p>
        </>,
      ),
    linkRefused: (_c, { kind }) =>
      door(
        "This link does not hold any more",
        <>
          <h1>This link does not hold any more</h1>
          <p class="sub">
            It was used, is older than an hour, or is not whole. Start digi-persona again
            {kind === "recovery" && (
              <>
                with <code>RESET_ACCESS=1</code>
              </>
            )}: it prints a new one.
          </p>
          <p class="form">
            <a class="btn" href="/login">To the log-in</a>
          </p>
        </>,
      ),
    changePassword: (_c, props) => partial("#password", "innerHTML", <ChangePassword {...props} />),
  };
}

export function ChangePassword({ errors, notice, changed }: PasswordFormProps) {
  return (
    <form class="stack" method="post" action="/account/password">
      {changed && <Notice tone="ok">The password is changed. Your other sessions were ended.</Notice>}
      <Faults errors={errors} notice={notice} />
      <Input
        name="current"
        type="password"
        label="Current password"
        scope="pw"
        errors={errors}
        autocomplete="current-password"
        required
      />
      <Input
        name="password"
        type="password"
        label="New password"
        scope="pw"
        errors={errors}
        autocomplete="new-password"
        required
      />
      <div class="row">
        <button class="btn">Change the password</button>
      </div>
    </form>
  );
}

function NewPassword({ errors, label }: { errors: Errors; label: string }) {
  return (
    <Input
      name="password"
      type="password"
      label={label}
      errors={errors}
      autocomplete="new-password"
      required
      hint="Long beats clever: a few words that only you would put together."
    />
  );
}

function Faults({ errors, notice }: { errors: Errors; notice: AccessNotice | null }) {
  const shown = ["name", "password", "current"];
  const others = Object.entries(errors).filter(([field]) => !shown.includes(field)).map(([, sentence]) =>
    sentence
  );
  const sentences = [...(notice === null ? [] : [notice.message]), ...others];
  return sentences.length === 0
    ? null
    : <Notice tone="bad">{sentences.map((sentence) => <p>{sentence}</p>)}</Notice>;
}
