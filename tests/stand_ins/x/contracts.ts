/**
 * The official specifications of X's API as a judge. They may not be copied into this project, so they are read from
 * `../shared/contracts` beside it, and where they are not there nothing is judged.
 */
import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import type { Operation } from "./operations.ts";
import type { Dialect } from "./world.ts";

const FOLDER = new URL("../../../../shared/contracts/", import.meta.url);
const FILES: Record<Dialect, string> = { classic: "x-openapi-classic.json", current: "x-openapi.json" };
const DIALECTS: Dialect[] = ["classic", "current"];

/** One request and its answer, as they were on the wire. */
export interface Exchange {
  operation: Operation;
  parameters: Record<string, string>;
  query: URLSearchParams;
  contentType: string;
  body: unknown;
  dialect: Dialect;
  status: number;
  answer: unknown;
}

export interface Contracts {
  /** How the exchange breaks the specification; a request must keep to one of the two dialects, an answer to its own. */
  broken(exchange: Exchange): string[];
  /** Allowed values, or true, of each query parameter. */
  parametersOf(operation: Operation, dialect: Dialect): Record<string, string[] | true>;
  scopesOf(operation: Operation, dialect: Dialect): string[];
}

let said = false;

/** Null, with one line that says so, where the specifications are not there. In CI a folder that is there must be whole. */
export async function loadContracts(): Promise<Contracts | null> {
  try {
    return new Specifications(
      await specification("classic"),
      await specification("current"),
    );
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    if (Deno.env.get("CI") === "true" && await isThere(FOLDER)) throw error;
    if (!said) {
      console.log("X's specifications are not in ../shared/contracts: checks against them are skipped");
    }
    said = true;
    return null;
  }
}

async function specification(dialect: Dialect): Promise<Specification> {
  return JSON.parse(await Deno.readTextFile(new URL(FILES[dialect], FOLDER)));
}

async function isThere(folder: URL): Promise<boolean> {
  try {
    return (await Deno.stat(folder)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

interface Parameter {
  $ref?: string;
  name: string;
  in: "query" | "path";
  required?: boolean;
  schema: Schema;
}

interface Schema {
  $ref?: string;
  type?: string;
  enum?: string[];
  items?: Schema;
}

interface SpecifiedOperation {
  parameters?: Parameter[];
  requestBody?: { content: Record<string, unknown> };
  responses: Record<string, unknown>;
  security?: Record<string, string[]>[];
}

interface Specification {
  paths: Record<string, Record<string, SpecifiedOperation>>;
  components: {
    parameters?: Record<string, Parameter>;
    schemas: Record<string, Schema & { discriminator?: { mapping: Record<string, string> } }>;
  };
}

class Specifications implements Contracts {
  readonly #ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true });
  readonly #specifications: Record<Dialect, Specification>;

  constructor(classic: Specification, current: Specification) {
    this.#specifications = { classic, current };
    addFormats.default(this.#ajv);
    for (const format of ["integer", "long"]) this.#ajv.addFormat(format, true);
    for (const dialect of DIALECTS) this.#ajv.addSchema(this.#specifications[dialect], dialect);
  }

  broken(exchange: Exchange): string[] {
    const asked = DIALECTS.map((dialect) => this.#request(exchange, dialect));
    const request = asked.some((list) => list.length === 0) ? [] : asked.flat();
    // What is answered with 400 was found out already.
    return [...(exchange.status === 400 ? [] : request), ...this.#answer(exchange)];
  }

  parametersOf(operation: Operation, dialect: Dialect): Record<string, string[] | true> {
    const inQuery = this.#parameters(operation, dialect).filter((parameter) => parameter.in === "query");
    return Object.fromEntries(inQuery.map(({ name, schema }) => {
      const resolved = this.#resolved(schema, dialect);
      const items = resolved.items === undefined ? resolved : this.#resolved(resolved.items, dialect);
      return [name, items.enum ?? true];
    }));
  }

  scopesOf(operation: Operation, dialect: Dialect): string[] {
    const kinds = this.#specified(operation, dialect)?.security ?? [];
    return kinds.flatMap((kind) => kind.OAuth2UserToken ?? []).sort();
  }

  #request(exchange: Exchange, dialect: Dialect): string[] {
    const { operation, query } = exchange;
    const where = `${operation.method} ${operation.path}, request, ${dialect}`;
    const specified = this.#specified(operation, dialect);
    if (specified === undefined) return [`${where}: not in the specification`];
    const known = this.#parameters(operation, dialect);
    const wrong: string[] = [];
    for (const name of new Set(query.keys())) {
      if (!known.some((parameter) => parameter.in === "query" && parameter.name === name)) {
        wrong.push(`${where}: unknown parameter ${name}`);
      }
    }
    for (const parameter of known) {
      const text = parameter.in === "path" ? exchange.parameters[parameter.name] : query.get(parameter.name);
      if (text === null || text === undefined) {
        if (parameter.required === true) wrong.push(`${where}: ${parameter.name} is missing`);
        continue;
      }
      const value = valueOf(text, this.#resolved(parameter.schema, dialect));
      wrong.push(...this.#wrong(parameter.schema, dialect, value, `${where}: ${parameter.name}`));
    }
    const content = specified.requestBody?.content;
    if (content === undefined) {
      // An empty object says nothing; clients send it where there is nothing to send.
      const empty = exchange.body === undefined || JSON.stringify(exchange.body) === "{}";
      if (!empty) wrong.push(`${where}: has a body`);
      return wrong;
    }
    const pointer = [...this.#pointer(operation), "requestBody", "content", exchange.contentType, "schema"];
    if (!(exchange.contentType in content)) {
      return [...wrong, `${where}: content-type ${exchange.contentType}`];
    }
    return [...wrong, ...this.#wrongAt(pointer, dialect, plainFields(exchange), `${where}: body`)];
  }

  #answer({ operation, status, dialect, answer }: Exchange): string[] {
    const where = `${operation.method} ${operation.path}, answer ${status}, ${dialect}`;
    if (status >= 300) return this.#problem(answer, dialect, where);
    const specified = this.#specified(operation, dialect);
    if (specified === undefined || !(String(status) in specified.responses)) {
      return [`${where}: not in the specification`];
    }
    const pointer = [
      ...this.#pointer(operation),
      "responses",
      String(status),
      "content",
      "application/json",
      "schema",
    ];
    return this.#wrongAt(pointer, dialect, answer, where);
  }

  /** Refusals are specified by their type only; types that it does not name, and answers without one, are X's own. */
  #problem(answer: unknown, dialect: Dialect, where: string): string[] {
    const type = typeof answer === "object" && answer !== null && "type" in answer ? String(answer.type) : "";
    const mapped = this.#specifications[dialect].components.schemas.Problem?.discriminator?.mapping[type];
    return mapped === undefined ? [] : this.#wrong({ $ref: mapped }, dialect, answer, where);
  }

  #specified(operation: Operation, dialect: Dialect): SpecifiedOperation | undefined {
    return this.#specifications[dialect].paths[operation.path]?.[operation.method.toLowerCase()];
  }

  #pointer(operation: Operation): string[] {
    return ["paths", operation.path, operation.method.toLowerCase()];
  }

  #parameters(operation: Operation, dialect: Dialect): Parameter[] {
    const { components } = this.#specifications[dialect];
    return (this.#specified(operation, dialect)?.parameters ?? []).map((parameter) =>
      components.parameters?.[nameIn(parameter.$ref)] ?? parameter
    );
  }

  #resolved(schema: Schema, dialect: Dialect): Schema {
    const named = this.#specifications[dialect].components.schemas[nameIn(schema.$ref)];
    return named === undefined ? schema : this.#resolved(named, dialect);
  }

  #wrongAt(pointer: string[], dialect: Dialect, value: unknown, where: string): string[] {
    const escaped = pointer.map((part) =>
      encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"))
    );
    return this.#wrong({ $ref: `#/${escaped.join("/")}` }, dialect, value, where);
  }

  readonly #compiled = new Map<string, ValidateFunction>();

  #wrong(schema: Schema, dialect: Dialect, value: unknown, where: string): string[] {
    const key = `${dialect} ${JSON.stringify(schema)}`;
    let validate = this.#compiled.get(key);
    if (validate === undefined) {
      validate = this.#ajv.compile(absolute(schema, dialect));
      this.#compiled.set(key, validate);
    }
    if (validate(value)) return [];
    return (validate.errors ?? []).map((error) => `${where}${error.instancePath} ${error.message}`);
  }
}

/** The same with references into one of the specifications. */
function absolute(schema: Schema, dialect: Dialect): Schema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', `"$ref":"${dialect}#/`));
}

function nameIn(reference: string | undefined): string {
  return reference?.split("/").at(-1) ?? "";
}

/** A parameter's text as its schema means it: lists are divided by commas. */
function valueOf(text: string, schema: Schema): unknown {
  if (schema.type === "array") return text.split(",");
  return schema.type === "integer" ? Number(text) : text;
}

/** A form's fields as JSON would have them. */
function plainFields({ body, contentType }: Exchange): unknown {
  if (contentType !== "multipart/form-data" || typeof body !== "object" || body === null) return body;
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => {
      if (value instanceof Uint8Array) return [name, ""];
      return [name, name === "segment_index" ? Number(value) : value];
    }),
  );
}
