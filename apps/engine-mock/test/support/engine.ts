import { onTestFinished } from 'vitest';
import { type EngineMock, type EngineMockOptions, startEngineMock } from '../../src/index.js';
import { TestClient } from './client.js';
import { ManualClock } from './manual-clock.js';
import { type TinySql, tinySql } from './tiny-sql.js';

/** An engine whose time the test moves, and a client of each colour. */
export interface Bench {
  readonly engine: EngineMock;
  readonly clock: ManualClock;
  readonly sql: TinySql;
  readonly blue: TestClient;
  readonly green: TestClient;
}

/** Starts an engine on a free port; it is closed when the test ends. Phases take 100 ms each. */
export async function startBench(options: EngineMockOptions = {}): Promise<Bench> {
  const clock = new ManualClock();
  const sql = tinySql();
  const engine = await startEngineMock({
    port: 0,
    adminPort: false,
    announceMs: 100,
    drainMs: 100,
    seed: 'seed',
    closeTimeoutMs: 200,
    clock,
    sql,
    ...options,
  });
  onTestFinished(() => engine.close());
  return {
    engine,
    clock,
    sql,
    blue: new TestClient(engine.address, 'blue'),
    green: new TestClient(engine.address, 'green'),
  };
}
