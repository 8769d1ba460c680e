import { describe, expect, it } from 'vitest';
import { startStack } from './support/stack.js';

describe('job work', () => {
  it('makes the cluster hold what is wanted, and follows a switch of colours', async () => {
    const stack = await startStack({ engine: { announceMs: 20, drainMs: 200 } });
    const worker = stack.work();
    const first = await stack.until((status) => status.converged);
    expect(first.term).toMatchObject({ wanted: 6, created: 6, open: 0, error: null, colour: 'blue' });
    expect(first.term?.['actual']).toEqual({ node01: 6, node02: 6, node03: 6 });
    stack.engine.switch({ to: 'green' });
    const second = await stack.until((status) => status.converged && status.term?.['colour'] === 'green');
    expect(second.term?.['failedRuns']).toBe(0);
    expect(await worker.stop()).toBe(0);
  });
});
