import { Pool } from 'undici';
import { wallSeconds } from '../../harness/clock.js';

/** Connections per node, as many as the connector's default `maxInFlightPerNode`. */
export const CONNECTIONS = 64;
/** What nobody waits for again. */
const NO_REPLY = 0;

interface BareNode {
  readonly name: string;
  readonly pool: Pool;
  readonly path: string;
}

/**
 * What a create costs with nothing around it: the same requests to the same nodes, by undici as one would write it by
 * hand, and the status looked at. No journal, no retry, no lock, no undo: what fails stays as it is.
 */
export class BareSide {
  readonly #nodes: readonly BareNode[];
  readonly #fence: string;
  #token = wallSeconds();

  /** `scopeLength`: of the fence's scope, so that the headers are as long as the connector's. */
  constructor(nodes: Readonly<Record<string, string>>, scopeLength: number) {
    this.#nodes = Object.entries(nodes).map(([name, url]) => {
      const { origin, pathname } = new URL(url);
      const pool = new Pool(origin, { connections: CONNECTIONS, pipelining: 1 });
      return { name, pool, path: `${pathname}/group` };
    });
    this.#fence = `${'b'.repeat(scopeLength)}:1`;
  }

  /** True when all nodes answered 201. */
  async create(groupId: string): Promise<boolean> {
    this.#token += 1 / 2 ** 14;
    const timestamp = String(this.#token);
    const body = JSON.stringify({ groupId });
    const done = await Promise.all(this.#nodes.map((node) => this.#post(node, timestamp, body)));
    return done.every((status) => status === 201);
  }

  async close(): Promise<void> {
    await Promise.all(this.#nodes.map(({ pool }) => pool.close()));
  }

  async #post({ name, pool, path }: BareNode, timestamp: string, body: string): Promise<number> {
    const headers = {
      node: name,
      'content-type': 'application/json',
      timestamp,
      'holdfast-fence': this.#fence,
    };
    try {
      const reply = await pool.request({ method: 'POST', path, headers, body });
      await reply.body.text();
      return reply.statusCode;
    } catch {
      return NO_REPLY;
    }
  }
}
