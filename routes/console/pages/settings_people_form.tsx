/** What the forms about people outside have in common. */
import type { z } from "zod";
import { limitsOf, PLATFORMS } from "../../../actors/persona/platforms/limits.ts";
import { type Errors, Select } from "../parts/field.tsx";

const LABELS: Record<string, string> = {
  platform: "The platform",
  accountId: "The account",
  authorId: "The account",
  handle: "The handle",
  note: "The note",
  reason: "The reason",
};

/** Those of the fields that were filled in. */
export function filled(typed: Record<string, string>, names: string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => {
    const value = (typed[name] ?? "").trim();
    return value === "" ? [] : [[name, value]];
  }));
}

export function errorsOf(error: z.ZodError): Errors {
  const errors: Errors = {};
  for (const { path, message } of error.issues) {
    const field = String(path[0] ?? "form");
    errors[field] ??= `${LABELS[field] ?? "This"} ${message}.`;
  }
  return errors;
}

export function PlatformSelect({ scope, value, errors }: { scope: string; value?: string; errors?: Errors }) {
  const options = PLATFORMS.map((platform) => ({ value: platform, label: limitsOf(platform).label }));
  return <Select name="platform" label="Platform" {...{ scope, value, errors, options }} />;
}
