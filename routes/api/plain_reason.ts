/** What is wrong with a field where its schema has no words of its own: what would be right, and never the value that was sent. */
import type { z } from "zod";

const KINDS: Record<string, string> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
  null: "null",
};

/** Reads on after the field's name. Undefined for what zod says well enough by itself. */
export function plainReason(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.input === undefined && issue.code !== "unrecognized_keys") return "is missing";
  switch (issue.code) {
    case "invalid_type": {
      if (issue.expected === "int" && typeof issue.input === "number") return "must be a whole number";
      const kind = KINDS[issue.expected];
      return kind === undefined ? undefined : `must be ${kind}, not ${kindOf(issue.input)}`;
    }
    case "invalid_value":
      return issue.values.length === 1
        ? `must be ${String(issue.values[0])}`
        : `must be one of ${issue.values.map(String).join(", ")}`;
    case "too_big":
      return atBound(issue.origin, "at most", issue.maximum);
    case "too_small":
      return atBound(issue.origin, "at least", issue.minimum);
    default:
      return undefined;
  }
}

function kindOf(input: unknown): string {
  if (input === null) return "null";
  if (Array.isArray(input)) return "a list";
  if (typeof input === "boolean") return "true or false";
  return KINDS[typeof input] ?? "this";
}

function atBound(origin: string, bound: string, limit: number | bigint): string | undefined {
  switch (origin) {
    case "string":
      return `must have ${bound} ${limit} characters`;
    case "array":
      return `must have ${bound} ${limit} entries`;
    case "number":
    case "int":
      return `must be ${bound} ${limit}`;
    default:
      return undefined;
  }
}
