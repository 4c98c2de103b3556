/** The numbers over everything, for the first page and the bar above all pages. */
import type { PostStatus } from "../../actors/persona/state.ts";
import type { Sql } from "../sql.ts";
import type { PersonaLife, PostCounts } from "./personas.ts";

export interface DashboardCounts {
  personas: Record<PersonaLife, number>;
  /** Personas that were parked after repeated crashes, and wait for a person. */
  crashed: number;
  posts: PostCounts;
  /** Linked accounts, and those of them whose credentials stopped working. */
  connections: { linked: number; lost: number };
  interactions: number;
  /** Commands that failed twice and wait for a person. */
  deadLetters: number;
}

/** How many posts wait for a person's review, of one persona or of all. */
export async function waitingCount(sql: Sql, persona?: string): Promise<number> {
  const [row] = await sql.query<{ count: number }>(
    "select count(*) as count from post where status = 'pending_review' and ($1::text is null or stream = $1)",
    [persona ?? null],
  );
  return row?.count ?? 0;
}

export async function dashboardCounts(sql: Sql): Promise<DashboardCounts> {
  const [personas, posts, drafts, [others]] = await Promise.all([
    sql.query<{ life: PersonaLife; count: number }>(
      "select life, count(*) as count from persona group by life",
    ),
    // By the index alone; only drafts are looked into.
    sql.query<{ status: PostStatus; count: number }>(
      "select status, count(*) as count from post group by status",
    ),
    sql.query<{ writing: string; count: number }>(
      "select writing, count(*) as count from post where status = 'draft' group by writing",
    ),
    sql.query<{ linked: number; lost: number; interactions: number; deadLetters: number; crashed: number }>(
      `select count(*) as linked, count(*) filter (where health = 'lost') as lost,
         (select count(*) from interaction) as interactions,
         (select count(*) from dead_letter d join persona p on p.id = d.stream where d.status = 'open') as "deadLetters",
         (select count(*) from persona where parked is not null and parked->>'by' = 'system' and life <> 'retired') as crashed
       from connection where linked`,
    ),
  ]);
  const life = (name: PersonaLife) => personas.find((row) => row.life === name)?.count ?? 0;
  const having = (status: PostStatus) => posts.find((row) => row.status === status)?.count ?? 0;
  const draft = (...writing: string[]) =>
    drafts.filter((row) => writing.includes(row.writing)).reduce((sum, row) => sum + row.count, 0);
  return {
    personas: { active: life("active"), paused: life("paused"), retired: life("retired") },
    crashed: others?.crashed ?? 0,
    posts: {
      waiting: having("pending_review"),
      writing: draft("asked", "writing"),
      notWritten: draft("failed"),
      expired: having("expired"),
      scheduled: having("scheduled"),
      publishing: having("publishing"),
      uncertain: having("uncertain"),
      failed: having("failed"),
      published: having("published"),
    },
    connections: { linked: others?.linked ?? 0, lost: others?.lost ?? 0 },
    interactions: others?.interactions ?? 0,
    deadLetters: others?.deadLetters ?? 0,
  };
}
