/** Form fields with a label, a hint and the sentence that says what was wrong. */
import type { Child } from "hono/jsx";

/** Sentences by field name; `form` for what is no single field's fault. */
export type Errors = Record<string, string>;

interface FieldProps {
  name: string;
  label: string;
  value?: string;
  hint?: Child;
  errors?: Errors;
  /** Makes the id unique where a form stands on a page several times. */
  scope?: string;
}

interface InputProps extends FieldProps {
  type?: "text" | "password" | "search" | "datetime-local" | "url";
  autocomplete?: string;
  required?: boolean;
  autofocus?: boolean;
  placeholder?: string;
  maxlength?: number;
  list?: string;
}

export function Input(
  { name, label, value = "", hint, errors = {}, scope = "f", type = "text", ...rest }: InputProps,
) {
  const ids = idsOf(scope, name, hint, errors[name]);
  return (
    <Framed {...{ label, hint, ids, error: errors[name] }}>
      <input
        type={type}
        id={ids.field}
        name={name}
        value={value}
        aria-describedby={ids.describedBy}
        aria-invalid={errors[name] === undefined ? undefined : "true"}
        spellcheck={type === "text"}
        {...rest}
      />
    </Framed>
  );
}

export function TextArea(
  { name, label, value = "", hint, errors = {}, scope = "f", rows = 3, ...rest }: FieldProps & {
    rows?: number;
    required?: boolean;
    autofocus?: boolean;
    placeholder?: string;
    class?: string;
    "data-original"?: string;
  },
) {
  const ids = idsOf(scope, name, hint, errors[name]);
  return (
    <Framed {...{ label, hint, ids, error: errors[name] }}>
      <textarea
        id={ids.field}
        name={name}
        rows={rows}
        dir="auto"
        aria-describedby={ids.describedBy}
        aria-invalid={errors[name] === undefined ? undefined : "true"}
        {...rest}
      >
        {/* A first line break in the markup is not part of the value. */}
        {value.startsWith("\n") ? `\n${value}` : value}
      </textarea>
    </Framed>
  );
}

export function Select({ name, label, value = "", hint, errors = {}, scope = "f", options }: FieldProps & {
  options: { value: string; label: string }[];
}) {
  const ids = idsOf(scope, name, hint, errors[name]);
  return (
    <Framed {...{ label, hint, ids, error: errors[name] }}>
      <select id={ids.field} name={name} aria-describedby={ids.describedBy}>
        {options.map((option) => (
          <option value={option.value} selected={option.value === value}>{option.label}</option>
        ))}
      </select>
    </Framed>
  );
}

export function Check({ name, label, checked = false, value = "on", hint, errors = {} }: {
  name: string;
  label: Child;
  checked?: boolean;
  value?: string;
  hint?: string;
  errors?: Errors;
}) {
  return (
    <div class="field">
      <label class="check">
        <input type="checkbox" name={name} value={value} checked={checked} />
        <span>
          {label}
          {hint !== undefined && (
            <span class="hint small soft">
              <br />
              {hint}
            </span>
          )}
        </span>
      </label>
      {errors[name] !== undefined && <span class="error" role="alert">{errors[name]}</span>}
    </div>
  );
}

/** What is no single field's fault stands above the form. */
export function FormError({ errors }: { errors: Errors }) {
  return errors.form === undefined ? null : <div class="notice bad" role="alert">{errors.form}</div>;
}

interface Ids {
  field: string;
  hint: string | undefined;
  error: string | undefined;
  describedBy: string | undefined;
}

function idsOf(scope: string, name: string, hint: Child, error: string | undefined): Ids {
  const field = `${scope}-${name}`;
  const ids = { hint: hint === undefined ? undefined : `${field}-hint`, error: error && `${field}-error` };
  return { field, ...ids, describedBy: [ids.hint, ids.error].filter(Boolean).join(" ") || undefined };
}

function Framed({ label, hint, ids, error, children }: {
  label: string;
  hint: Child;
  ids: Ids;
  error: string | undefined;
  children?: Child;
}) {
  return (
    <div class="field">
      <label for={ids.field}>{label}</label>
      {children}
      {hint !== undefined && <span class="hint" id={ids.hint}>{hint}</span>}
      {error !== undefined && <span class="error" id={ids.error} role="alert">{error}</span>}
    </div>
  );
}
