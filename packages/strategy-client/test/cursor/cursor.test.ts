import { describe, expect, it } from 'vitest';
import { AuthenticationError } from '../../src/errors.js';
import { DirectEngine } from '../support/direct-engine.js';

const ONE = { queries: [{ idempotent: false, rows: 3 }] };

describe('execute', () => {
  it('on a cursor that is closed meanwhile clears the query, which nobody has abandoned', async () => {
    const stage = new DirectEngine(ONE);
    const cursor = stage.connection.cursor();
    stage.before = (rpc) => {
      if (rpc === 'executeStatement') void cursor.close();
    };
    await expect(cursor.execute('query 1')).rejects.toMatchObject({ code: 'CLOSED' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(stage.trace.at(-1)).toBe('clearOrCancelQuery blue');
    expect(stage.manager.metrics()).toMatchObject({ abandoned: 0, pinned: { blue: 0, green: 0 } });
  });

  it('names the deployment that knows no session, also when that is the target no more', async () => {
    const stage = new DirectEngine(ONE);
    stage.before = (rpc) => {
      if (rpc !== 'executeStatement') return;
      stage.manager.setActiveStrategy('green');
      stage.failures.push({ rpc, kind: 'expired' });
    };
    const error: unknown = await stage
      .after(stage.connection.cursor().execute('query 1'))
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({ strategy: 'blue' });
  });
});
