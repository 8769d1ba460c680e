import { type Connection, connect } from '@holdfast/strategy-client';

/** Ids that come and go, and ids of one change. */
const SPACE = 200;
const BATCH = 10;
/** Ms between two changes, or two queries. */
const PAUSE_MS = 100;
/** One the engine answers from its own tables, with more than one row. */
const AD_HOC = 'SELECT id, name FROM sales.customers ORDER BY id';

/** Changes what is wanted and asks other things, each on a connection of its own, until it is told to stop. */
export class WantedLoad {
  /** What was acknowledged to be wanted. */
  readonly wanted: Set<string>;
  changes = 0;
  queries = 0;
  /** What failed, in words; nothing should. */
  readonly failures: string[] = [];
  readonly #connections: readonly Connection[];
  readonly #running: Promise<unknown>;
  #isOver = false;

  private constructor(wanted: Set<string>, connections: readonly [Connection, Connection]) {
    this.wanted = wanted;
    this.#connections = connections;
    const [changes, queries] = connections;
    this.#running = Promise.all([
      this.#again('change', () => this.#change(changes)),
      this.#again('query', () => this.#query(queries)),
    ]);
  }

  /** @param enginePort of the router on the loopback. */
  static async start(enginePort: number): Promise<WantedLoad> {
    const open = (): Connection =>
      connect({ host: '127.0.0.1', port: enginePort, username: 'holdfast', password: 'holdfast' });
    const changes = open();
    const rows = await (await changes.query('SELECT group_id FROM desired_groups')).fetchAll();
    return new WantedLoad(new Set(rows.map(([id]) => String(id))), [changes, open()]);
  }

  /** Resolves when the last change and the last query have ended. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#running;
    await Promise.all(this.#connections.map((connection) => connection.close()));
  }

  async #again(what: string, once: () => Promise<void>): Promise<void> {
    while (!this.#isOver) {
      try {
        await once();
      } catch (error) {
        this.failures.push(`${what}: ${String(error)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  /** In turn wants some, and wants some of those no more. */
  async #change(connection: Connection): Promise<void> {
    const first = (Math.floor(this.changes / 2) * BATCH * 7) % SPACE;
    const ids = Array.from({ length: BATCH }, (_, i) => `load-${(first + i) % SPACE}`);
    const wants = this.changes % 2 === 0;
    const some = wants ? ids : ids.filter((_, i) => i % 3 === 0);
    const places = some.map(() => (wants ? '(?)' : '?')).join(', ');
    const sql = wants
      ? `INSERT OR IGNORE INTO desired_groups (group_id) VALUES ${places}`
      : `DELETE FROM desired_groups WHERE group_id IN (${places})`;
    await (await connection.query(sql, some, { idempotent: true })).fetchAll();
    this.changes++;
    for (const id of some) {
      if (wants) this.wanted.add(id);
      else this.wanted.delete(id);
    }
  }

  async #query(connection: Connection): Promise<void> {
    const rows = await (await connection.query(AD_HOC)).fetchAll();
    if (rows.length < 2) this.failures.push(`a query had ${rows.length} rows`);
    this.queries++;
  }
}
