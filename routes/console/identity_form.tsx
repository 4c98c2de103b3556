/** An identity as a form, and back. What a person left as it was stays exactly as it was, whatever the form can show of it. */
import type { Identity, PersonaKind } from "../../actors/persona/identity.ts";
import { IdentitySchema } from "../api/schemas/identity.ts";
import { type Errors, Input, Select, TextArea } from "./parts/field.tsx";
import { Marked } from "./parts/text.tsx";

export type IdentityFields = Record<string, string>;

const COMMAS = ["interests", "values", "tone", "expertise"] as const;
const LINES = ["rules", "bannedWords", "mayMention"] as const;
const PLAIN = [
  "name",
  "kind",
  "background",
  "purpose",
  "systemPrompt",
  "zone",
  "language",
  "operatedBy",
] as const;
/** Between examples, which may have several lines. */
const BETWEEN = "\n---\n";
/** Empty rows for further knowledge. */
const SPARE_ROWS = 2;

export const KINDS: { value: PersonaKind; label: string }[] = [
  { value: "fictional", label: "Fictional: somebody invented" },
  { value: "own", label: "Own: the voice of our own organisation or project" },
  { value: "consenting", label: "Consenting: a real person who agreed to it" },
  { value: "parody", label: "Parody: recognisable as one" },
  { value: "real_person", label: "A real living person who did not agree: sandbox only, for ever" },
];

export function fieldsOf(identity: Identity): IdentityFields {
  const fields: IdentityFields = {};
  for (const name of PLAIN) fields[name] = identity[name];
  for (const name of COMMAS) fields[name] = identity[name].join(", ");
  for (const name of LINES) fields[name] = identity[name].join("\n");
  fields.examples = identity.examples.join(BETWEEN);
  for (const [index, { key, text }] of identity.knowledge.entries()) {
    fields[`knowledge${index}key`] = key;
    fields[`knowledge${index}text`] = text;
  }
  return fields;
}

export type Parsed = { ok: true; identity: Identity } | { ok: false; errors: Errors };

/** `base`: what the form was filled with. */
export function identityOf(fields: IdentityFields, base: Identity): Parsed {
  const before = fieldsOf(base);
  const kept = (name: string) => fields[name] === undefined || same(fields[name], before[name]);
  const split = (name: string, between: RegExp) =>
    (fields[name] ?? "").split(between).map((one) => one.trim()).filter((one) => one !== "");
  const wanted: Record<string, unknown> = { ...base };
  for (const name of PLAIN) {
    if (!kept(name)) {
      wanted[name] = name === "background" || name === "systemPrompt" ? fields[name] : fields[name]?.trim();
    }
  }
  for (const name of COMMAS) if (!kept(name)) wanted[name] = split(name, /[,\n]/);
  for (const name of LINES) if (!kept(name)) wanted[name] = split(name, /\n/);
  if (!kept("examples")) wanted.examples = split("examples", /\n\s*---+\s*\n/);
  const knowledge = knowledgeOf(fields, base);
  if (knowledge !== null) wanted.knowledge = knowledge;
  const parsed = IdentitySchema.safeParse(wanted);
  if (parsed.success) return { ok: true, identity: parsed.data };
  const errors: Errors = {};
  for (const { path, message } of parsed.error.issues) {
    const [field = "form", index] = path.map(String);
    const entry = index === undefined || field === "knowledge" ? "" : `entry ${Number(index) + 1} `;
    errors[field] ??= `${LABELS[field] ?? "This"} ${entry}${message}.`;
  }
  return { ok: false, errors };
}

/** Null when nothing of it was touched. */
function knowledgeOf(fields: IdentityFields, base: Identity): Identity["knowledge"] | null {
  const rows = base.knowledge.length + SPARE_ROWS;
  const found = Array.from({ length: rows }, (_, index) => {
    const old = base.knowledge[index];
    const key = fields[`knowledge${index}key`] ?? old?.key ?? "";
    const text = fields[`knowledge${index}text`] ?? old?.text ?? "";
    return old !== undefined && same(key, old.key) && same(text, old.text)
      ? old
      : { key: key.trim(), text: text.trim() };
  }).filter(({ key, text }) => key !== "" || text !== "");
  const unchanged = found.length === base.knowledge.length &&
    found.every((one, index) => one === base.knowledge[index]);
  return unchanged ? null : found;
}

/** What changed, for the command `edit`. */
export function changesOf(before: Identity, after: Identity): Partial<Identity> {
  const changed = Object.entries(after).filter(([name, value]) =>
    JSON.stringify(before[name as keyof Identity]) !== JSON.stringify(value)
  );
  return Object.fromEntries(changed) as Partial<Identity>;
}

/** Browsers send line breaks their own way, and drop one at the start of a textarea. */
function same(typed: string, before = ""): boolean {
  const plain = (text: string) => text.replace(/\r\n?/g, "\n").replace(/^\n/, "");
  return plain(typed) === plain(before);
}

const LABELS: Record<string, string> = {
  name: "The name",
  zone: "The time zone",
  language: "The language",
  examples: "The examples:",
  rules: "The rules:",
  bannedWords: "The banned words:",
  mayMention: "The people it may mention:",
  knowledge: "The knowledge",
};

export function IdentityFieldset({ fields, errors = {}, lockedKind = false, rows }: {
  fields: IdentityFields;
  errors?: Errors;
  /** A real living person stays one. */
  lockedKind?: boolean;
  /** How many rows of knowledge there are. */
  rows: number;
}) {
  const text = (name: string) => ({ name, value: fields[name] ?? "", errors });
  return (
    <>
      <div class="two">
        <Input {...text("name")} label="Name" required maxlength={80} />
        <Input
          {...text("operatedBy")}
          label="Run by"
          hint="Who answers for it, as the public may read it. Needed before a real account is connected."
        />
      </div>
      <TextArea
        {...text("purpose")}
        label="Purpose"
        rows={2}
        hint="What it wants to reach by speaking in public: one or two sentences."
      />
      <TextArea
        {...text("background")}
        label="Background"
        rows={6}
        hint="Who it is and where it comes from."
      />
      <div class="two">
        <Input {...text("tone")} label="Tone" hint="Adjectives, with commas: warm, exact, dry." />
        <Input {...text("interests")} label="Interests" hint="With commas." />
        <Input {...text("expertise")} label="Expertise" hint="With commas." />
        <Input {...text("values")} label="Values" hint="With commas." />
      </div>
      <TextArea {...text("rules")} label="Rules for what it writes" rows={4} hint="One a line." />
      <TextArea
        {...text("examples")}
        label="Posts that show its voice"
        rows={6}
        hint="The writer learns from them. A line with --- between two posts."
      />
      <TextArea
        {...text("bannedWords")}
        label="Words that may never appear"
        rows={2}
        hint="One a line. A text that holds one cannot be approved."
      />
      <TextArea
        {...text("mayMention")}
        label="People it may mention"
        rows={2}
        hint="Handles of people who agreed to it, one a line. Whoever it answers may be mentioned anyway."
      />
      <div class="two">
        {lockedKind
          ? <Input name="kindShown" label="Kind" value="A real living person: it stays one" />
          : <Select {...text("kind")} label="Kind" options={KINDS} />}
        <Input
          {...text("zone")}
          label="Time zone"
          list="zones"
          hint="Its times are shown in it: Europe/Lisbon."
        />
        <Input {...text("language")} label="Language" hint="As a BCP 47 tag: en, pt-BR." />
      </div>
      <details class="fold" open={errors.knowledge !== undefined}>
        <summary>Knowledge ({rows === 0 ? "none yet" : rows})</summary>
        <div class="stack">
          {errors.knowledge !== undefined && <span class="error" role="alert">{errors.knowledge}</span>}
          {Array.from({ length: rows + SPARE_ROWS }, (_, index) => (
            <div class="stack">
              <Input
                name={`knowledge${index}key`}
                value={fields[`knowledge${index}key`] ?? ""}
                label={index < rows ? "Title" : "Title of a new one"}
              />
              <TextArea
                name={`knowledge${index}text`}
                value={fields[`knowledge${index}text`] ?? ""}
                label="What is known"
                rows={2}
              />
            </div>
          ))}
        </div>
      </details>
      <details class="fold" open={errors.systemPrompt !== undefined}>
        <summary>
          Additional prompt {(fields.systemPrompt ?? "") !== "" && <Marked text="(it has one)" />}
        </summary>
        <TextArea
          {...text("systemPrompt")}
          label="Additional prompt"
          rows={5}
          hint="As it came with a file; it is given to the writer fenced off, as material."
        />
      </details>
    </>
  );
}
