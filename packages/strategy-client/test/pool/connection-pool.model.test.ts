import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConnectionPool, type PoolLease } from '../../src/pool/index.js';
import { ManualClock } from '../support/manual-clock.js';
import { type ScriptedConnection, ScriptedConnections } from './scripted-connections.js';

const MAX_SIZE = 2;
const MAX_OVERFLOW = 2;
const LIMIT = MAX_SIZE + MAX_OVERFLOW;
const RECYCLE_MS = 12_000;

type Operation =
  | { readonly kind: 'acquire'; readonly timeoutMs: number }
  | { readonly kind: 'advance'; readonly ms: number }
  | { readonly kind: 'release' | 'discard' | 'abort' | 'break' | 'done' | 'fail'; readonly which: number };

const which = fc.nat({ max: 7 });
const on = (kind: 'release' | 'discard' | 'abort' | 'break' | 'done' | 'fail'): fc.Arbitrary<Operation> =>
  fc.record({ kind: fc.constant(kind), which });
const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('acquire' as const),
      timeoutMs: fc.integer({ min: 1, max: 9_000 }),
    }),
  },
  { weight: 4, arbitrary: on('release') },
  { weight: 8, arbitrary: on('done') },
  { weight: 2, arbitrary: on('fail') },
  { weight: 1, arbitrary: on('discard') },
  { weight: 1, arbitrary: on('abort') },
  { weight: 1, arbitrary: on('break') },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('advance' as const),
      ms: fc.constantFrom(1, 600, 4_900),
    }),
  },
);

/** A pool, all that happens to it, and what must hold after every step. */
class World {
  readonly clock = new ManualClock();
  readonly connections = new ScriptedConnections('open', 'ping', 'close');
  readonly pool: ConnectionPool<ScriptedConnection>;
  readonly #waiting = new Map<number, AbortController>();
  readonly #held: {
    readonly lease: PoolLease<ScriptedConnection>;
    readonly connection: ScriptedConnection;
  }[] = [];
  #asked = 0;
  #lastServed = -1;
  readonly #wrong: string[] = [];

  constructor(minSize: number) {
    this.pool = new ConnectionPool({
      open: this.connections.open,
      minSize,
      maxSize: MAX_SIZE,
      maxOverflow: MAX_OVERFLOW,
      maxWaiting: 6,
      recycleMs: RECYCLE_MS,
      pingIdleMs: 1_000,
      closeTimeoutMs: 10_000,
      clock: this.clock,
    });
  }

  async run(operation: Operation): Promise<void> {
    if (operation.kind === 'advance') await this.#advance(operation.ms);
    else if (operation.kind === 'acquire') this.#acquire(operation.timeoutMs);
    else this.#act(operation.kind, operation.which);
    await this.clock.advanceAsync(0);
    this.#check();
  }

  /** Everything answers from now on, and the pool is closed. */
  async end(): Promise<void> {
    this.connections.automatic = true;
    for (const one of [...this.connections.pending]) one.done();
    const closed = this.pool.close();
    await this.clock.advanceAsync(0);
    expect([...this.#waiting.keys()]).toEqual([]);
    for (const { lease } of this.#held.splice(0)) await lease.release();
    await closed;
    expect(this.#wrong).toEqual([]);
    expect(this.connections.existing.size).toBe(0);
    expect(this.connections.pending).toEqual([]);
    for (const one of this.connections.all) expect(one.closeCalls).toBeLessThanOrEqual(1);
    expect(this.pool.stats()).toMatchObject({ size: 0, idle: 0, leased: 0, waiting: 0 });
    expect(this.pool.stats().opened).toBe(this.pool.stats().closed);
    expect(this.clock.timers).toBe(0);
  }

  async #advance(ms: number): Promise<void> {
    // A connection that takes longer to close than the pool waits for it would be one too many.
    for (const one of this.connections.of('close')) one.done();
    await this.clock.advanceAsync(ms);
  }

  #acquire(timeoutMs: number): void {
    const number = this.#asked;
    this.#asked += 1;
    const controller = new AbortController();
    this.#waiting.set(number, controller);
    this.pool.acquire({ timeoutMs, signal: controller.signal }).then(
      (lease) => {
        this.#waiting.delete(number);
        const { connection } = lease;
        if (number < this.#lastServed) this.#wrong.push(`${number} was served after ${this.#lastServed}`);
        if (connection.isClosed) this.#wrong.push(`${number} got a closed connection`);
        if (this.#held.some((one) => one.connection === connection))
          this.#wrong.push(`${number} got a connection that is in use`);
        this.#lastServed = number;
        this.#held.push({ lease, connection });
      },
      () => this.#waiting.delete(number),
    );
  }

  #act(kind: 'release' | 'discard' | 'abort' | 'break' | 'done' | 'fail', which: number): void {
    if (kind === 'done' || kind === 'fail') pick(this.connections.pending, which)?.[kind]();
    else if (kind === 'abort') pick([...this.#waiting.values()], which)?.abort(new Error('enough'));
    else if (kind === 'break') {
      const victim = pick([...this.connections.existing], which);
      if (victim) victim.isClosed = true;
    } else {
      const [held] = this.#held.splice(which % Math.max(this.#held.length, 1), 1);
      // Twice, as one of both must have no effect.
      void held?.lease[kind]();
      void held?.lease.release();
    }
  }

  #check(): void {
    const stats = this.pool.stats();
    expect(this.#wrong).toEqual([]);
    expect(this.connections.peak).toBeLessThanOrEqual(LIMIT);
    expect(stats.size).toBe(this.connections.count);
    expect(stats.leased).toBe(this.#held.length);
    expect(stats.waiting).toBe(this.#waiting.size);
    expect(stats.idle).toBeLessThanOrEqual(MAX_SIZE);
    // Nobody waits beside an idle connection, or for nothing.
    if (stats.waiting > this.connections.of('ping').length) expect(stats.idle).toBe(0);
    if (stats.waiting > 0 && this.connections.pending.length === 0) expect(stats.leased).toBe(LIMIT);
  }
}

const pick = <T>(list: readonly T[], which: number): T | undefined =>
  list.length === 0 ? undefined : list[which % list.length];

describe('whatever happens to a pool', () => {
  it.each([0, 2])(
    'it never exceeds its limit, serves in order, shares nothing and closes all: minSize %d',
    async (minSize) => {
      await fc.assert(
        fc.asyncProperty(fc.array(operation, { maxLength: 60, size: 'max' }), async (operations) => {
          const world = new World(minSize);
          for (const one of operations) await world.run(one);
          await world.end();
        }),
        { numRuns: 150 },
      );
    },
  );
});
