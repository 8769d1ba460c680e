import { setImmediate } from 'node:timers/promises';
import { Connection, connect } from '@holdfast/strategy-client';
import { BenchError } from '../../../harness/bench-error.js';
import { nowMs, pause } from '../../../harness/clock.js';
import { FakeTransport } from '../fakes/fake-transport.js';
import { openClient } from '../fakes/open-client.js';
import { StandInEngine } from '../fakes/stand-in-engine.js';
import { heldAtRest } from './held.js';
import type { ChurnPoint, ChurnSetup } from './protocol.js';

const STATEMENT = 'SELECT n, name FROM numbers LIMIT 1';
const POLL_MS = 20;
/** Queries of a caller between two turns of the event loop, which a network would give it at every call. */
const QUERIES_PER_TURN = 10;
/** Until every abandoned query must have been cleared. */
const MOST_POLLS = 250;

/** Many queries of one row, some of them left to the garbage collector. */
export class Churn implements AsyncDisposable {
  readonly #connection: Connection;
  readonly #setup: ChurnSetup;
  #begun = 0;
  #queries = 0;
  #abandoned = 0;

  private constructor(setup: ChurnSetup, connection: Connection) {
    this.#setup = setup;
    this.#connection = connection;
  }

  static async open(setup: ChurnSetup): Promise<Churn> {
    return new Churn(setup, setup.port === null ? await withoutNetwork() : overNetwork(setup.port));
  }

  async advance(count: number): Promise<ChurnPoint> {
    const target = this.#queries + count;
    const startedAt = nowMs();
    const caller = async (): Promise<void> => {
      while (this.#begun < target) {
        this.#begun += 1;
        await this.#query(this.#begun % this.#setup.abandonedEvery === 0);
        this.#queries += 1;
        if (this.#queries % QUERIES_PER_TURN === 0) await setImmediate();
      }
    };
    await Promise.all(Array.from({ length: this.#setup.callers }, caller));
    const seconds = (nowMs() - startedAt) / 1000;
    const { held, pinned } = await this.#rest();
    const { rss } = process.memoryUsage();
    return { queries: this.#queries, abandoned: this.#abandoned, seconds, held, rss, pinned };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#connection.close();
  }

  async #query(isAbandoned: boolean): Promise<void> {
    const result = await this.#connection.query(STATEMENT);
    if (isAbandoned) {
      this.#abandoned += 1;
      await result.fetchOne();
      return;
    }
    const rows = await result.fetchAll();
    if (rows.length !== 1) throw new BenchError('WRONG_REPLY', `${rows.length} rows came instead of 1`);
  }

  /** When the collector has found all that was abandoned, or is not going to. */
  async #rest(): Promise<Pick<ChurnPoint, 'held' | 'pinned'>> {
    for (let n = 0; ; n += 1) {
      const held = await heldAtRest();
      const { blue, green } = this.#connection.manager.metrics().pinned;
      if (blue + green === 0 || n === MOST_POLLS) return { held, pinned: blue + green };
      await pause(POLL_MS);
    }
  }
}

async function withoutNetwork(): Promise<Connection> {
  const client = await openClient(new FakeTransport(new StandInEngine()));
  return new Connection(client, { ownsManager: true });
}

function overNetwork(port: number): Connection {
  return connect({
    ...{ host: '127.0.0.1', port, username: 'holdfast', password: 'holdfast' },
    ...{ catalog: 'builtin', database: 'generated' },
  });
}
