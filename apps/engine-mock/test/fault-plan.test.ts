import { expect, test } from 'vitest';
import { parseFaultPlan } from '../src/faults/parse-fault-plan.js';
import { startBench } from './support/engine.js';

/** A wrong plan, and what its message must name: field, value, range. */
const WRONG: readonly (readonly [unknown, string])[] = [
  [null, 'faults is null; it must be a JSON array of rules'],
  [{ kind: 'reset' }, 'it must be a JSON array of rules'],
  [Array.from({ length: 101 }, () => ({ kind: 'reset' })), 'faults is 101; it must be an array of up to 100'],
  [[7], 'faults[0] is 7; it must be a JSON object'],
  [[{}], 'faults[0].kind is undefined; it must be one of delay, hang, reset, kill, status, http, truncate'],
  [[{ kind: 'toString' }], 'faults[0].kind is "toString"; it must be one of'],
  [[{ kind: 'reset' }, { kind: 'reset', wen: 1 }], 'faults[1].wen is 1; it must be one of kind, rpc, colour'],
  [[{ kind: 'truncate', when: 'after' }], 'faults[0].when is "after"; it must be one of kind, rpc'],
  [[{ kind: 'reset', when: 'during' }], 'faults[0].when is "during"; it must be before or after'],
  [
    [{ kind: 'delay' }],
    'faults[0].delayMs is undefined; it must be a whole number from 0 to 86400000, it is',
  ],
  [[{ kind: 'delay', delayMs: -1 }], 'faults[0].delayMs is -1; it must be a whole number'],
  [[{ kind: 'delay', delayMs: '5' }], 'faults[0].delayMs is "5"'],
  [[{ kind: 'hang', maxMs: 1e9 }], 'faults[0].maxMs is 1000000000'],
  [[{ kind: 'status' }], 'faults[0].code is undefined; it must be a gRPC status from 1 to 16, it is missing'],
  [[{ kind: 'status', code: 0 }], 'faults[0].code is 0; it must be a gRPC status from 1 to 16'],
  [[{ kind: 'status', code: 2, message: 'x'.repeat(1_025) }], 'it must be text of up to 1024 characters'],
  [[{ kind: 'http', status: 200 }], 'faults[0].status is 200; it must be an HTTP status from 300 to 599'],
  [[{ kind: 'reset', rpc: 'execute' }], 'faults[0].rpc is "execute"; it must be the name of a call'],
  [[{ kind: 'reset', colour: 'red' }], 'faults[0].colour is "red"; it must be blue or green'],
  [[{ kind: 'reset', rate: 1.5 }], 'faults[0].rate is 1.5; it must be a number from 0 to 1'],
  [[{ kind: 'reset', times: 0.5 }], 'faults[0].times is 0.5; it must be a whole number'],
];

test.each(WRONG)('%j is refused', (plan, message) => {
  expect(() => parseFaultPlan(plan)).toThrow(
    expect.objectContaining({ code: 'INVALID_FAULTS', message: expect.stringContaining(message) }),
  );
});

test('a whole plan is taken, and is out of reach of whoever gave it', () => {
  const given = [
    { kind: 'delay', when: 'after', delayMs: 5, rpc: 'getNextResultBatch', rate: 0.5 },
    { kind: 'hang', maxMs: 0, colour: 'blue' },
    { kind: 'status', code: 14, message: '', times: 3 },
    { kind: 'http', status: 502, rpc: 'ClusterService/resume' },
    { kind: 'truncate' },
  ];
  const plan = parseFaultPlan(given);
  expect(plan).toEqual(given);
  expect(Object.isFrozen(plan)).toBe(true);
  expect(plan[0]).not.toBe(given[0]);
  expect(Object.isFrozen(plan[0])).toBe(true);
});

test('a wrong plan changes nothing', async () => {
  const { engine } = await startBench({ faults: [{ kind: 'reset', times: 4 }] });
  expect(() => engine.setFaults([{ kind: 'reset', rate: 2 }])).toThrow('faults[0].rate');
  expect(engine.faults()).toEqual([{ kind: 'reset', times: 4 }]);
  engine.setFaults([]);
  expect(engine.faults()).toEqual([]);
});
