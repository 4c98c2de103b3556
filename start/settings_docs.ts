/**
 * Writes what people read about settings from `config.ts`: `.env.example`, and the table in `docs/configuration.md`.
 * `deno task docs` runs it; a test fails when either is stale.
 */
import { type SettingName, SETTINGS } from "../config.ts";

export const ENV_EXAMPLE = new URL("../.env.example", import.meta.url);
export const CONFIGURATION = new URL("../docs/configuration.md", import.meta.url);

const BEGIN = "<!-- settings: made by `deno task docs` from config.ts; do not edit -->";
const END = "<!-- end of settings -->";
/** For tests alone: nobody is to be tempted by it in `.env`. */
const NOT_IN_EXAMPLE: SettingName = "DIGI_PERSONA_CRASH";
const LINE_WIDTH = 110;

interface Row {
  name: string;
  default: string;
  meaning: string;
  secret: boolean;
}

const rows: Row[] = Object.entries(SETTINGS).map(([name, setting]) => ({
  name,
  default: setting.default,
  meaning: setting.meaning,
  secret: setting.secret === true,
}));

/** A file to copy to `.env`: every line is a comment, so that a copy changes nothing. */
export function envExample(): string {
  const parts = rows.filter(({ name }) => name !== NOT_IN_EXAMPLE).map((row) => {
    const meaning = wrapped(row.meaning, LINE_WIDTH - 2).map((line) => `# ${line}\n`).join("");
    const file = row.secret ? `# or, as a path to a file that holds it: ${row.name}_FILE=\n` : "";
    return `${meaning}${file}#${row.name}=${row.default}\n`;
  });
  const head = "# Settings: copy this file to .env and take the # away from the lines that you change.\n" +
    "# What the environment says wins over .env. More about each: docs/configuration.md\n";
  return [head, ...parts].join("\n");
}

/** `text` with the table between its two marks made anew. Throws when a mark is missing. */
export function withTable(text: string): string {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin === -1 || end < begin) throw new Error(`the lines "${BEGIN}" and "${END}" are not both there`);
  return `${text.slice(0, begin)}${BEGIN}\n\n${table()}\n\n${text.slice(end)}`;
}

function table(): string {
  const cells = [
    ["setting", "default", "meaning"],
    ...rows.map((row) => [
      row.secret ? `\`${row.name}\`, \`${row.name}_FILE\`` : `\`${row.name}\``,
      row.default === "" ? "" : `\`${row.default}\``,
      row.meaning.replaceAll("|", "\\|"),
    ]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => (row[column] ?? "").length)));
  const line = (row: string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  const [head = [], ...body] = cells;
  return [line(head), rule, ...body.map(line)].join("\n");
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines;
}

if (import.meta.main) {
  await Deno.writeTextFile(ENV_EXAMPLE, envExample());
  await Deno.writeTextFile(CONFIGURATION, withTable(await Deno.readTextFile(CONFIGURATION)));
}
