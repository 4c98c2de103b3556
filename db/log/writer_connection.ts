// @ts-types="@types/pg"
import type pg from "pg";
import { WRITER_LOCK_KEY } from "../lock.ts";
import type { LogLimits } from "./limits.ts";
import { Superseded } from "./log.ts";
import { clientConfig, connectClient, type Connection, endNow, withDeadline } from "./postgres_client.ts";
import { LogClosed } from "./store.ts";

/** Another process is the writer of this database. */
export class WriterActive extends Error {
  override name = "WriterActive";
  constructor(readonly holder: WriterInfo) {
    const where = holder.host ? ` on ${holder.host}` : "";
    const since = holder.since ? ` since ${holder.since}` : "";
    super(`another process writes this database: backend ${holder.backend ?? "unknown"}${where}${since}`);
  }
}

/** Who holds the epoch, as the database knows it. */
export interface WriterInfo {
  backend: number | null;
  host: string | null;
  /** ISO 8601. */
  since: string | null;
}

export interface WriterOptions {
  connection: Connection;
  limits: LogLimits;
  /** End whoever writes now. */
  takeOver: boolean;
  /** What this process is called in `WriterActive`: its machine, for people. */
  host: string;
  /** A new UUID: this process. */
  instance: string;
  report: (message: string, error: unknown) => void;
}

const [LOCK_CLASS, LOCK_OBJECT] = WRITER_LOCK_KEY;
const TRY_LOCK = `select pg_try_advisory_lock(${LOCK_CLASS}, ${LOCK_OBJECT}) as locked`;
const LOCK_HOLDER =
  `select pid from pg_locks where locktype = 'advisory' and granted and classid = ${LOCK_CLASS} ` +
  `and objid = ${LOCK_OBJECT} and objsubid = 2 and database = (select oid from pg_database where datname = current_database())`;
const OWN_BACKEND = `backend = pg_backend_pid(), ` +
  `backend_start = (select backend_start from pg_stat_activity where pid = pg_backend_pid())`;
const LOCK_POLL_MS = 20;
/** Backends of ours that are remembered while the lock is fought for. */
const MAX_BACKENDS = 32;

/**
 * The one connection that writes. While it lives it holds the advisory lock and the newest epoch. When it is lost, `ready` makes
 * a new one and raises the epoch, which waits for whatever the old one had under way and voids what it may still send.
 */
export class WriterConnection {
  epoch = 0;
  /** Position of the last event at the last moment that the database was asked. */
  head = 0;
  readonly superseded: Promise<Superseded>;
  #supersede: (error: Superseded) => void = () => {};
  #client: pg.Client | null = null;
  /** The backends of our clients: a lost one may live on over there, and hold the lock. */
  #backends: { pid: number; start: string }[] = [];
  #recovering: Promise<pg.Client> | null = null;
  #ended: Error | null = null;
  readonly #wakes = new Set<() => void>();

  private constructor(readonly options: WriterOptions) {
    this.superseded = new Promise((resolve) => this.#supersede = resolve);
  }

  /** Throws WriterActive, or the database's error when it cannot be reached. */
  static async open(options: WriterOptions): Promise<WriterConnection> {
    const writer = new WriterConnection(options);
    const client = await writer.#connect();
    try {
      await writer.#begin(client);
      writer.#client = client;
      return writer;
    } catch (error) {
      endNow(client);
      throw error;
    }
  }

  /** The connection with the lock and our epoch. Waits as long as the database is away; throws Superseded or LogClosed. */
  ready(): Promise<pg.Client> {
    if (this.#ended) return Promise.reject(this.#ended);
    if (this.#client) return Promise.resolve(this.#client);
    this.#recovering ??= this.#recover().finally(() => this.#recovering = null);
    return this.#recovering;
  }

  /** This client is not to be trusted any more: the next `ready` gives another one. */
  drop(client: pg.Client): void {
    if (this.#client === client) this.#client = null;
    endNow(client);
  }

  /** Ends every wait with Superseded. */
  lose(reason: string): void {
    if (this.#ended) return;
    const error = new Superseded(reason);
    this.#end(error);
    this.#supersede(error);
  }

  /** Gives the lock back. */
  async close(): Promise<void> {
    const client = this.#client;
    this.#end(new LogClosed());
    if (client) {
      await withDeadline(client.end(), this.options.limits.connectMs, "closing").catch(() => endNow(client));
    }
    await this.#recovering?.catch(() => {});
  }

  #end(error: Error): void {
    this.#ended ??= error;
    const client = this.#client;
    this.#client = null;
    if (client && error instanceof Superseded) endNow(client);
    for (const wake of this.#wakes) wake();
  }

  /** Resolves after `ms`, or at once when all is over. */
  async pause(ms: number): Promise<void> {
    if (this.#ended) throw this.#ended;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#wakes.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.#wakes.add(wake);
    });
    if (this.#ended) throw this.#ended;
  }

  /** How long to wait before attempt `attempt`, counted from 0. */
  backoff(attempt: number): number {
    const { retryFirstMs, retryMaxMs } = this.options.limits;
    return Math.min(retryMaxMs, retryFirstMs * 2 ** Math.min(attempt, 30));
  }

  async #connect(): Promise<pg.Client> {
    const { connection, limits } = this.options;
    const config = clientConfig(connection, limits, { query_timeout: limits.answerMs });
    const client: pg.Client = await connectClient(config, (error) => {
      if (this.#client !== client) return;
      this.options.report("the writer lost its connection to the database", error);
      this.#client = null;
      // Even an idle writer wants its lock back; what goes wrong there is told to whoever appends next.
      this.ready().catch(() => {});
    });
    try {
      await client.query(
        `set idle_in_transaction_session_timeout = 5000; set statement_timeout = ${limits.answerMs}; ` +
          `set application_name = 'digi-persona writer'`,
      );
      const { rows } = await client.query<{ pid: number; start: string }>(
        "select pid, backend_start::text as start from pg_stat_activity where pid = pg_backend_pid()",
      );
      this.#backends.push(...rows);
      if (this.#backends.length > MAX_BACKENDS) this.#backends.shift();
      return client;
    } catch (error) {
      endNow(client);
      throw error;
    }
  }

  /** The first start of this process: takes the lock, raises the epoch. */
  async #begin(client: pg.Client): Promise<void> {
    const { takeOver, host, instance, limits } = this.options;
    if (!await tryLock(client)) {
      const holder = await readHolder(client);
      if (!takeOver) throw new WriterActive(holder);
      // First the epoch, so that the old writer cannot begin anew, then its connection.
      await client.query("update writer set epoch = epoch + 1, instance = null");
      const deadline = Date.now() + limits.answerMs;
      do {
        await client.query(`select pg_terminate_backend(pid) from (${LOCK_HOLDER}) p`);
        await this.pause(LOCK_POLL_MS);
        if (Date.now() > deadline) throw new WriterActive(holder);
      } while (!await tryLock(client));
    }
    const { rows } = await client.query<{ epoch: number; head: number }>(
      `update writer set epoch = epoch + 1, held = epoch + 1, instance = $1, host = $2, since = now(), ${OWN_BACKEND} returning epoch, head`,
      [instance, host],
    );
    const [row] = rows;
    if (!row) throw new Error("the table `writer` has no row: this database was not migrated");
    this.epoch = row.epoch;
    this.head = row.head;
    this.#backends = this.#backends.slice(-1);
  }

  async #recover(): Promise<pg.Client> {
    let reported = "";
    for (let attempt = 0;; attempt++) {
      if (this.#ended) throw this.#ended;
      let client: pg.Client | null = null;
      try {
        client = await this.#connect();
        await this.#resume(client);
        if (this.#ended) throw this.#ended;
        if (attempt > 0) this.options.report("the writer is connected again", null);
        this.#client = client;
        return client;
      } catch (error) {
        if (client) endNow(client);
        if (this.#ended) throw this.#ended;
        const reason = error instanceof Error ? error.message : String(error);
        if (reason !== reported) {
          this.options.report("the writer cannot reach the database yet and keeps trying", error);
        }
        reported = reason;
        await this.pause(this.backoff(attempt));
      }
    }
  }

  /** On a new connection: raises our epoch, ends our old backend, takes the lock. */
  async #resume(client: pg.Client): Promise<void> {
    // Not `epoch = ours`: an answer that was lost to this very statement must not look like another writer.
    const lost = "another process has become the writer of this database";
    const { rows } = await client.query<{ epoch: number; head: number }>(
      `update writer set epoch = epoch + 1, held = epoch + 1, ${OWN_BACKEND} ` +
        "where epoch >= $1 and instance = $2 and held = epoch returning epoch, head",
      [this.epoch, this.options.instance],
    );
    const [row] = rows;
    if (!row) return this.lose(lost);
    this.epoch = row.epoch;
    this.head = row.head;
    const own = this.#backends.at(-1);
    const older = this.#backends.slice(0, -1);
    while (!await tryLock(client)) {
      await client.query(
        "select pg_terminate_backend(a.pid) from pg_stat_activity a " +
          "join jsonb_to_recordset($1::jsonb) as o(pid int, start timestamptz) on o.pid = a.pid and o.start = a.backend_start",
        [JSON.stringify(older)],
      );
      if (!await this.isOurs(client)) return this.lose(lost);
      await this.pause(LOCK_POLL_MS);
    }
    // Between the epoch and the lock another one may have come and gone.
    if (!await this.isOurs(client)) return this.lose(lost);
    this.#backends = own ? [own] : [];
  }

  /** Whether the database still knows us as the writer. */
  async isOurs(client: pg.Client | pg.Pool): Promise<boolean> {
    const { rowCount } = await client.query("select from writer where instance = $1 and held = epoch", [
      this.options.instance,
    ]);
    return rowCount === 1;
  }
}

/** Who holds the writer's lock, for people. */
export async function readHolder(client: pg.Client): Promise<WriterInfo> {
  const { rows } = await client.query<WriterInfo>(
    `select p.pid as backend, w.host, w.since from writer w left join (${LOCK_HOLDER}) p on true`,
  );
  return rows[0] ?? { backend: null, host: null, since: null };
}

async function tryLock(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>(TRY_LOCK);
  return rows[0]?.locked === true;
}
