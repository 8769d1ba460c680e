import { expect, test } from 'vitest';
import { type EngineMockOptions, resolveEngineMockOptions } from '../src/index.js';

const WRONG: readonly (readonly [EngineMockOptions, string])[] = [
  [{ port: 65_536 }, 'port is 65536; it must be a whole number from 0 to 65535'],
  [{ adminPort: -1 }, 'adminPort is -1; it must be a whole number from 0 to 65535'],
  [{ adminToken: 'short' }, 'adminToken (HOLDFAST_ADMIN_TOKEN) must be at least 8'],
  [{ adminToken: 'with a blank' }, 'adminToken (HOLDFAST_ADMIN_TOKEN) must be'],
  [{ user: '' }, 'user is empty; give a text, or leave it out'],
  [{ password: '' }, 'password is empty'],
  [{ clusterName: '' }, 'clusterName is empty'],
  [
    { refusal: 'never' as 'access-denied' },
    'refusal is never; it must be one of unauthenticated, access-denied',
  ],
  [{ active: 'red' as 'blue' }, 'active is red; it must be blue or green'],
  [{ announceMs: -1 }, 'announceMs is -1; it must be a whole number from 0 to 86400000'],
  [{ drainMs: 86_400_001 }, 'drainMs is 86400001'],
  [{ switchEveryMs: 0.5 }, 'switchEveryMs is 0.5'],
  [{ resumeDelayMs: Number.NaN }, 'resumeDelayMs is NaN'],
  [{ mismatchForm: 'none' as 'http' }, 'mismatchForm is none; it must be one of http, grpc'],
  [{ faults: [{ kind: 'reset', rate: 2 }] }, 'faults[0].rate is 2'],
  [{ maxMessageBytes: 1_023 }, 'maxMessageBytes is 1023; it must be a whole number from 1024 to 1073741824'],
  [{ maxSessions: 0 }, 'maxSessions is 0; it must be a whole number from 1 to 1000000'],
  [{ maxQueries: 1_000_001 }, 'maxQueries is 1000001'],
  [{ closeTimeoutMs: 60_001 }, 'closeTimeoutMs is 60001; it must be a whole number from 0 to 60000'],
  [{ batchRows: 0 }, 'batchRows is 0'],
];

test.each(WRONG)('%j is refused with its range', (options, message) => {
  expect(() => resolveEngineMockOptions(options)).toThrow(
    expect.objectContaining({ name: 'EngineMockError', message: expect.stringContaining(message) }),
  );
});

test('the defaults', () => {
  const options = resolveEngineMockOptions({ clusterName: 'Main' });
  expect(options).toMatchObject({
    host: '127.0.0.1',
    port: 50_051,
    adminPort: 50_052,
    user: 'holdfast',
    password: 'holdfast',
    refusal: 'unauthenticated',
    clusterName: 'main',
    active: 'blue',
    announceMs: 5_000,
    drainMs: 30_000,
    switchEveryMs: 0,
    announceBeforeAccept: false,
    lenientSessions: false,
    mismatchForm: 'http',
    suspended: false,
    resumeDelayMs: 1_000,
    faults: [],
    maxMessageBytes: 314_572_800,
    batchRows: 8_192,
    batchBytes: 1_048_576,
  });
  expect(Object.isFrozen(options)).toBe(true);
});

test('the seed is drawn unless it is given, the token taken from the environment', () => {
  expect(resolveEngineMockOptions({ seed: 7 }).seed).toBe('7');
  expect(resolveEngineMockOptions().seed).toMatch(/^\d+$/);
  expect(resolveEngineMockOptions().adminToken.length).toBeGreaterThanOrEqual(8);
  expect(resolveEngineMockOptions({ adminToken: '12345678' }).adminToken).toBe('12345678');
});
