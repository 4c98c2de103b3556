/** Where a running program could leave a secret lying: its tables, its backup, its processes, its files. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import pg from "pg";
import { runningEmbedded } from "../../db/embedded/embedded.ts";
import { childrenOf } from "../permissions/processes.ts";
import type { RunningProgram } from "../program.ts";
import { ROOT } from "../started_program.ts";
import type { Scan } from "./scan.ts";

/** Every column of every table that is ours. */
export async function scanDatabase(program: RunningProgram, scan: Scan): Promise<void> {
  const config = await runningEmbedded(join(program.dataDir, "data"));
  assert.ok(config !== null);
  const client = new pg.Client(config);
  await client.connect();
  try {
    const { rows: columns } = await client.query<{ table: string; column: string }>(
      `select format('%I.%I', table_schema, table_name) as table, format('%I', column_name) as column from information_schema.columns
       where table_schema not in ('pg_catalog', 'information_schema')`,
    );
    assert.ok(columns.length > 50, `${columns.length} columns`);
    for (const { table, column } of columns) {
      const { rows } = await client.query<{ value: string }>(
        `select ${column}::text as value from ${table} where ${column} is not null`,
      );
      scan.look(`column ${table}.${column}`, rows.map((row) => row.value).join("\n"));
    }
  } finally {
    await client.end();
  }
}

export async function scanBackup(
  program: RunningProgram,
  scan: Scan,
  env: Record<string, string>,
): Promise<void> {
  const file = join(program.dataDir, "backup.gz");
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "backup", file],
    cwd: ROOT,
    env: { ...env, DATA_DIR: join(program.dataDir, "data"), NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assert.ok(success, said);
  scan.look("what the backup says", said);
  scan.look("backup", new TextDecoder().decode(gunzipSync(await Deno.readFile(file))));
}

/** What the system shows of each process below the program; of the program itself, its arguments. */
export async function scanProcesses(program: RunningProgram, scan: Scan): Promise<void> {
  const children = await childrenOf(program.pid);
  for (const { command, environment } of children) {
    scan.look(`arguments of ${command.replaceAll("\0", " ")}`, command);
    scan.look(`environment of ${command.replaceAll("\0", " ")}`, environment);
  }
  assert.ok(children.some(({ command }) => command.includes("cell")), "a cell is among the processes");
  scan.look("arguments of the program", await Deno.readTextFile(`/proc/${program.pid}/cmdline`));
}

/** All but the vault's own key file, which has to hold the key. */
export async function* filesBelow(folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) yield* filesBelow(path);
    else if (entry.isFile) yield path;
  }
}
