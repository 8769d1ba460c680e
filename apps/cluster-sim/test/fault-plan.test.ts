import { describe, expect, test } from 'vitest';
import { parseFaultPlan } from '../src/faults/parse-fault-plan.js';
import { TestClient } from './support/client.js';
import { startCluster } from './support/cluster.js';

const NODES = ['node01', 'node02'];
const DELAY = { rate: 0.5, minMs: 1, maxMs: 2 };

/** A wrong plan, and what its message must name: field, value, range. */
const WRONG: readonly (readonly [unknown, string])[] = [
  [null, 'faults is null; it must be a JSON object'],
  [[], 'faults is []; it must be a JSON object'],
  [{ errorBefor: 1 }, 'faults.errorBefor is 1; it must be one of errorBefore, hang,'],
  [{ errorBefore: 1.5 }, 'faults.errorBefore is 1.5; it must be a number from 0 to 1'],
  [{ lostReply: -0.1 }, 'faults.lostReply is -0.1; it must be a number from 0 to 1'],
  [{ hang: '1' }, 'faults.hang is "1"; it must be a number from 0 to 1'],
  [{ errorAfter: null }, 'faults.errorAfter is null; it must be a number from 0 to 1'],
  [{ delay: 0.5 }, 'faults.delay is 0.5; it must be a JSON object'],
  [{ delay: { rate: 1, minMs: 1 } }, 'faults.delay.maxMs is undefined; it must be a number, it is missing'],
  [{ delay: { ...DELAY, minMs: -1 } }, 'faults.delay.minMs is -1; it must be a number from 0 to 600000'],
  [
    { late: { ...DELAY, maxMs: 600_001 } },
    'faults.late.maxMs is 600001; it must be a number from 1 to 600000',
  ],
  [{ late: { ...DELAY, reset: 1 } }, 'faults.late.reset is 1; it must be true or false'],
  [{ delay: { ...DELAY, reset: true } }, 'faults.delay.reset is true; it must be one of rate, minMs, maxMs'],
  [
    { repeatDelete: { ...DELAY, minMs: 5 } },
    'faults.repeatDelete.maxMs is 2; it must be a number from 5 to 600000',
  ],
  [{ down: true }, 'faults.down is true; it must be one of'],
  [{ verbs: { PUT: {} } }, 'faults.verbs.PUT is {}; it must be POST, GET, DELETE'],
  [{ verbs: { GET: { rate: 1 } } }, 'faults.verbs.GET.rate is 1; it must be one of'],
  [{ nodes: { node03: {} } }, 'nodes.node03 is {}; it must be a node of node01, node02'],
  [{ nodes: { node01: { down: 'yes' } } }, 'nodes.node01.down is "yes"; it must be true or false'],
  [
    { nodes: { node01: { verbs: { POST: { hang: 2 } } } } },
    'nodes.node01.verbs.POST.hang is 2; it must be a number',
  ],
  [{ nodes: { node01: { nodes: {} } } }, 'nodes.node01.nodes is {}; it must be one of'],
];

test.each(WRONG)('%j is refused', (plan, message) => {
  expect(() => parseFaultPlan(plan, NODES)).toThrow(
    expect.objectContaining({ code: 'INVALID_FAULTS', message: expect.stringContaining(message) }),
  );
});

test('a whole plan is taken, and is out of reach of whoever gave it', () => {
  const given = {
    errorBefore: 0.2,
    late: { ...DELAY, reset: false },
    verbs: { DELETE: { repeatDelete: DELAY } },
    nodes: { node02: { down: true, hang: 0, verbs: { GET: { errorAfter: 1 } } } },
  };
  const plan = parseFaultPlan(given, NODES);
  expect(plan).toEqual(given);
  given.late.rate = 1;
  expect(plan.late?.rate).toBe(0.5);
  expect(Object.isFrozen(plan.late)).toBe(true);
});

describe('over HTTP', () => {
  test('a wrong plan changes nothing', async () => {
    const cluster = await startCluster({ faults: { errorAfter: 1 } });
    const client = new TestClient(cluster.url);
    const answer = await client.admin('PUT', 'faults', { errorAfter: 0, lostReply: 7 });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toEqual({
      message: 'faults.lostReply is 7; it must be a number from 0 to 1',
      status: 400,
    });
    expect(JSON.parse((await client.admin('GET', 'faults')).text)).toEqual({ errorAfter: 1 });
    expect([408, 500]).toContain((await client.create('5')).status);
  });

  test('setFaults throws and keeps the old plan', async () => {
    const cluster = await startCluster({ faults: { lostReply: 0.5 } });
    expect(() => cluster.setFaults({ lostReply: 7 })).toThrow(
      expect.objectContaining({ code: 'INVALID_FAULTS' }),
    );
    const client = new TestClient(cluster.url);
    expect(JSON.parse((await client.admin('GET', 'faults')).text)).toEqual({ lostReply: 0.5 });
  });
});
