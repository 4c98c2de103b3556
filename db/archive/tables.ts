import type { Sql } from "../sql.ts";

/** A table whose rows a backup holds. */
export interface TableShape {
  name: string;
  columns: { name: string; type: string }[];
}

/**
 * Made anew by the program, or true of one database only: never part of a backup. Sessions and one-time links among them: one that
 * was ended or used up since must not hold again.
 */
const LEFT_OUT = [
  "migration",
  "snapshot",
  "writer",
  "instance",
  "access_session",
  "access_link",
  "oauth_state",
];

/**
 * The tables of our schema in an order in which they can be filled: whatever a table refers to stands before it.
 * Taken from the catalog, so that no table is forgotten; `projections` are left out, since they are made from the events.
 */
export async function tablesToKeep(sql: Sql, projections: string[]): Promise<TableShape[]> {
  const columns = await sql.query<{ table: string; name: string; type: string }>(
    `select c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type
     from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
       and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
       and c.relname <> all ($1::text[])
     order by c.relname, a.attnum`,
    [[...LEFT_OUT, ...projections]],
  );
  const references = await sql.query<{ table: string; target: string }>(
    `select child.relname as table, parent.relname as target
     from pg_constraint r join pg_class child on child.oid = r.conrelid join pg_class parent on parent.oid = r.confrelid
     where r.contype = 'f' and child.oid <> parent.oid and child.relnamespace = current_schema()::regnamespace`,
  );
  const shapes = new Map<string, TableShape>();
  for (const { table, name, type } of columns) {
    const shape = shapes.get(table) ?? { name: table, columns: [] };
    shape.columns.push({ name, type });
    shapes.set(table, shape);
  }
  return inOrder(shapes, references);
}

function inOrder(
  shapes: Map<string, TableShape>,
  references: { table: string; target: string }[],
): TableShape[] {
  const ordered: TableShape[] = [];
  const left = new Map(shapes);
  while (left.size > 0) {
    const free = [...left.values()].filter(({ name }) =>
      !references.some(({ table, target }) => table === name && left.has(target))
    );
    if (free.length === 0) {
      throw new Error(`the tables ${[...left.keys()].join(", ")} refer to each other in a circle`);
    }
    for (const shape of free) {
      ordered.push(shape);
      left.delete(shape.name);
    }
  }
  return ordered;
}

/** An SQL name. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Values as texts that any server of any version reads back as the same. */
export async function useExactTexts(tx: Sql): Promise<void> {
  await tx.query(
    `set local statement_timeout = 0; set local timezone = 'UTC'; set local datestyle = 'ISO, YMD';
     set local intervalstyle = 'iso_8601'; set local bytea_output = 'hex'; set local extra_float_digits = 1`,
  );
}
