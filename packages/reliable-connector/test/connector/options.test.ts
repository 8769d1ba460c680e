import { describe, expect, test } from 'vitest';
import { createMemoryJournal, openConnector, openSagaEngine } from '../../src/index.js';
import { type ConnectorOptions, resolveConnectorOptions } from '../../src/options.js';
import { type EngineOptions, resolveEngineOptions } from '../../src/saga/engine-options.js';

const NODES = { node01: 'http://127.0.0.1:1/v1' };
const DAY_MS = 86_400_000;
const journal = createMemoryJournal();

const RANGES: readonly [
  name: string,
  least: number,
  most: number,
  given: (value: number) => Partial<EngineOptions>,
][] = [
  ['deadlineMs', 1, DAY_MS, (deadlineMs) => ({ deadlineMs })],
  ['maxServerLagMs', 0, DAY_MS, (maxServerLagMs) => ({ maxServerLagMs })],
  ['retry.baseMs', 1, 60_000, (baseMs) => ({ retry: { baseMs } })],
  ['retry.capMs', 1, DAY_MS, (capMs) => ({ retry: { capMs } })],
  ['retry.undoCapMs', 1, DAY_MS, (undoCapMs) => ({ retry: { undoCapMs } })],
  ['retry.attemptTimeoutMs', 1, DAY_MS, (attemptTimeoutMs) => ({ retry: { attemptTimeoutMs } })],
  ['maxSagas', 1, 2 ** 20, (maxSagas) => ({ maxSagas })],
  ['maxForwardAgeMs', 0, 365 * DAY_MS, (maxForwardAgeMs) => ({ maxForwardAgeMs })],
  ['parkAfterMs', 1, 365 * DAY_MS, (parkAfterMs) => ({ parkAfterMs })],
  ['retentionMs', 0, 3_650 * DAY_MS, (retentionMs) => ({ retentionMs })],
  ['idempotencyRetentionMs', 0, 3_650 * DAY_MS, (idempotencyRetentionMs) => ({ idempotencyRetentionMs })],
  ['recoverEveryMs', 0, DAY_MS, (recoverEveryMs) => ({ recoverEveryMs })],
];

const LIMITS: readonly [
  name: 'idBytes' | 'maxInFlightPerNode' | 'replyBytes',
  least: number,
  most: number,
][] = [
  ['idBytes', 1, 65_536],
  ['maxInFlightPerNode', 1, 4_096],
  ['replyBytes', 256, 2 ** 24],
];

/** The code and the message with which something is refused. */
function refusal(action: () => unknown): { readonly code: unknown; readonly message: string } {
  try {
    action();
  } catch (error) {
    return error as { code: unknown; message: string };
  }
  throw new Error('it was taken');
}

describe.each(RANGES)('%s', (name, least, most, given) => {
  test.each([least - 1, most + 1, Number.NaN, Number.POSITIVE_INFINITY, -1])('refuses %d', (value) => {
    const refused = {
      code: 'INVALID_ARGUMENT',
      message: `${name} is ${value}; give a number from ${least} to ${most}`,
    };
    expect(refusal(() => resolveEngineOptions(given(value)))).toMatchObject(refused);
    expect(refusal(() => resolveConnectorOptions({ nodes: NODES, journal, ...given(value) }))).toMatchObject(
      refused,
    );
  });

  test('takes both of its limits', () => {
    for (const value of [least, most]) {
      const wanted = given(value);
      expect(resolveEngineOptions(wanted)).toMatchObject(wanted);
      expect(resolveConnectorOptions({ nodes: NODES, journal, ...wanted })).toMatchObject(wanted);
    }
  });
});

describe.each(LIMITS)('limits.%s', (name, least, most) => {
  const resolve = (value: number): unknown =>
    resolveConnectorOptions({ nodes: NODES, journal, limits: { [name]: value } }).limits[name];

  test.each([least - 1, most + 1, Number.NaN])('refuses %d', (value) => {
    expect(refusal(() => resolve(value))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: `limits.${name} is ${value}; give a number from ${least} to ${most}`,
    });
  });

  test('takes both of its limits', () => {
    expect([resolve(least), resolve(most)]).toEqual([least, most]);
  });
});

const BAD_NODES: readonly [name: string, nodes: Record<string, string>, message: RegExp][] = [
  ['no node', {}, /nodes has 0 entries; give 1 to 64/],
  [
    '65 nodes',
    Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`n${at}`, 'http://127.0.0.1:1'])),
    /nodes has 65 entries; give 1 to 64/,
  ],
  ['a name that is no header value', { 'nöde 1': 'http://127.0.0.1:1' }, /node name "nöde 1" is not usable/],
  ['an empty name', { '': 'http://127.0.0.1:1' }, /node name "" is not usable/],
  ['a name of 65 letters', { ['n'.repeat(65)]: 'http://127.0.0.1:1' }, /use 1 to 64 letters/],
  [
    'no URL',
    { node01: 'node01:8080/v1' },
    /the URL of node node01 is "node01:8080\/v1"; give an http or https URL/,
  ],
  ['a relative URL', { node01: '/v1' }, /the URL of node node01 is "\/v1"/],
  ['another protocol', { node01: 'ftp://127.0.0.1/v1' }, /give an http or https URL/],
];

test.each(BAD_NODES)('%s is refused before anything is opened', async (_, nodes, message) => {
  const opened = openConnector({ nodes, journal: createMemoryJournal() });
  await expect(opened).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringMatching(message),
  });
});

test('1 and 64 nodes are taken, and a slash at the end of a URL makes no difference', () => {
  const many = Object.fromEntries(
    Array.from({ length: 64 }, (_, at) => [`n${at}`, 'http://127.0.0.1:1/v1//']),
  );
  const { nodes } = resolveConnectorOptions({ nodes: many, journal });
  expect(Object.keys(nodes)).toHaveLength(64);
  expect(new Set(Object.values(nodes))).toEqual(new Set(['http://127.0.0.1:1/v1']));
  expect(resolveConnectorOptions({ nodes: NODES, journal }).nodes).toEqual(NODES);
});

const LAGS: readonly [nodes: Record<string, string>, lagMs: number][] = [
  [
    { a: 'http://127.0.0.1:1', b: 'http://127.8.9.10:1', c: 'http://localhost:1/v1', d: 'https://[::1]:1' },
    2_000,
  ],
  [{ a: 'http://127.0.0.1:1', b: 'http://10.0.0.1:1' }, 60_000],
  [{ a: 'http://127.0.0.1.example.com:1' }, 60_000],
  [{ a: 'http://0.0.0.0:1' }, 60_000],
  [{ a: 'https://localhost.example.com' }, 60_000],
];

test.each(LAGS)('Q on %o is %d ms by default', (nodes, lagMs) => {
  expect(resolveConnectorOptions({ nodes, journal }).maxServerLagMs).toBe(lagMs);
  expect(resolveConnectorOptions({ nodes, journal, maxServerLagMs: 7 }).maxServerLagMs).toBe(7);
});

test('the defaults are those that the options document', () => {
  const engine = {
    locks: null,
    deadlineMs: 15_000,
    proxyMayResend: false,
    fanOut: 'parallel',
    retry: { baseMs: 50, capMs: 5_000, undoCapMs: 30_000, attemptTimeoutMs: 2_000 },
    maxSagas: 1_024,
    maxForwardAgeMs: DAY_MS,
    parkAfterMs: 600_000,
    retentionMs: 7 * DAY_MS,
    idempotencyRetentionMs: DAY_MS,
    recoverEveryMs: 5_000,
  };
  expect(resolveEngineOptions({})).toMatchObject({ ...engine, maxServerLagMs: 60_000 });
  expect(resolveConnectorOptions({ nodes: NODES, journal })).toMatchObject({
    ...engine,
    maxServerLagMs: 2_000,
    nodes: NODES,
    journal,
    leadership: null,
    ownErrorsAreFinal: true,
    limits: { idBytes: 256, maxInFlightPerNode: 64, replyBytes: 65_536 },
    ca: null,
    transport: null,
  });
});

test('resolved options cannot be changed, and do not follow the object that was given', () => {
  const given = { nodes: { ...NODES }, journal, retry: { baseMs: 5 } } satisfies ConnectorOptions;
  const resolved = resolveConnectorOptions(given);
  given.nodes.node01 = 'http://127.0.0.1:2';
  given.retry.baseMs = 6;
  expect(resolved).toMatchObject({ nodes: NODES, retry: { baseMs: 5 } });
  for (const part of [resolved, resolved.nodes, resolved.retry, resolved.limits])
    expect(Object.isFrozen(part)).toBe(true);
});

test('both ways to open check their options before they touch the journal', async () => {
  const touched = { join: () => Promise.reject(new Error('joined')), close: async () => {} };
  const invalid = { code: 'INVALID_ARGUMENT' };
  await expect(openConnector({ nodes: NODES, journal: touched, maxSagas: 0 })).rejects.toMatchObject(invalid);
  const engine = { journal: touched, sagas: [], services: NODES };
  await expect(openSagaEngine({ ...engine, deadlineMs: 0 })).rejects.toMatchObject(invalid);
});

test('a URL with credentials is refused, and the message does not repeat them', async () => {
  const nodes = { node01: 'http://user:secret@127.0.0.1:8080/v1' };
  const opened = openConnector({ nodes, journal: createMemoryJournal() });
  await expect(opened).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.not.stringContaining('secret'),
  });
  await expect(opened).rejects.toThrow('give the base URL alone');
});
