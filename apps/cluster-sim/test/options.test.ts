import { describe, expect, test } from 'vitest';
import { readSettings } from '../src/cli/settings.js';
import { type ClusterSimOptions, resolveClusterSimOptions } from '../src/index.js';
import type { AppliedEntry } from '../src/log/applied-entry.js';
import { AppliedRing } from '../src/log/applied-ring.js';
import { seededRandom } from '../src/random.js';

const WRONG: readonly (readonly [ClusterSimOptions, string])[] = [
  [{ nodes: [] }, 'nodes is 0 names; it must be 1 to 100 names'],
  [{ nodes: ['a b'] }, 'nodes is a b; it must be 1 to 63 letters, digits, _ or - each'],
  [{ nodes: ['../a'] }, 'nodes is ../a'],
  [{ nodes: ['a', 'A'] }, 'nodes is a,A; it must be different names'],
  [{ port: 65_536 }, 'port is 65536; it must be a whole number from 0 to 65535'],
  [{ port: 80.5 }, 'port is 80.5'],
  [{ nodePorts: { nodeX: 1 } }, 'nodePorts is nodeX; it must be a node of node01, node02, node03'],
  [{ nodePorts: { node01: -1 } }, 'nodePorts.node01 is -1'],
  [{ extensions: ['fence', 'fences' as 'fence'] }, "extensions: 'fences' is not known"],
  [{ adminToken: 'short' }, 'adminToken (HOLDFAST_ADMIN_TOKEN) must be at least 8'],
  [{ adminToken: 'with a blank' }, 'adminToken (HOLDFAST_ADMIN_TOKEN) must be'],
  [{ maxBodyBytes: 63 }, 'maxBodyBytes is 63; it must be a whole number from 64 to 16777216'],
  [{ maxIdBytes: 4_097 }, 'maxIdBytes is 4097; it must be a whole number from 1 to 4096'],
  [{ maxLogBytes: 1 }, 'maxLogBytes is 1'],
  [{ closeTimeoutMs: -1 }, 'closeTimeoutMs is -1'],
];

test.each(WRONG)('%j is refused with its range', (options, message) => {
  expect(() => resolveClusterSimOptions(options)).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(message) }),
  );
});

test('the defaults', () => {
  const options = resolveClusterSimOptions();
  expect(options).toMatchObject({
    nodes: ['node01', 'node02', 'node03'],
    host: '127.0.0.1',
    port: 8080,
    dataDir: '.holdfast/cluster',
    extensions: { timestamp: true, tombstone: true, fence: true, list: true },
    faults: {},
    maxBodyBytes: 65_536,
    maxIdBytes: 1_024,
  });
  expect(Object.isFrozen(options)).toBe(true);
});

describe('settings of the app', () => {
  test('the fault rate is that of the origin unless something else is said', () => {
    expect(readSettings({}, {}).options.faults).toEqual({ errorBefore: 0.2 });
    expect(readSettings({}, { RANDOM_BEHAVIOR: '' }).options.faults).toEqual({ errorBefore: 0.2 });
    expect(readSettings({}, { RANDOM_BEHAVIOR: '0' }).options.faults).toEqual({ errorBefore: 0 });
    expect(readSettings({ randomBehavior: '0.5' }, { RANDOM_BEHAVIOR: '0' }).options.faults).toEqual({
      errorBefore: 0.5,
    });
    expect(readSettings({ faults: '{"hang": 1}' }, {}).options.faults).toEqual({ hang: 1 });
    expect(readSettings({ faults: '{"hang": 1}' }, { RANDOM_BEHAVIOR: '0.1' }).options.faults).toEqual({
      hang: 1,
      errorBefore: 0.1,
    });
  });

  test('extensions are on, off or a list', () => {
    const extensions = (text?: string): unknown =>
      resolveClusterSimOptions(readSettings({}, { CLUSTER_EXTENSIONS: text }).options).extensions;
    const all = { timestamp: true, tombstone: true, fence: true, list: true };
    const none = { timestamp: false, tombstone: false, fence: false, list: false };
    expect(extensions()).toEqual(all);
    expect(extensions('')).toEqual(all);
    expect(extensions('on')).toEqual(all);
    expect(extensions('OFF')).toEqual(none);
    expect(extensions(' list, fence ')).toEqual({ ...none, list: true, fence: true });
    expect(() => extensions('all')).toThrow("extensions: 'all' is not known");
  });

  test('ports of nodes are free or given', () => {
    expect(readSettings({ nodePorts: true }, {}).options.nodePorts).toBe(true);
    expect(readSettings({ nodePorts: 'node01=81, node02=82' }, {}).options.nodePorts).toEqual({
      node01: 81,
      node02: 82,
    });
    expect(() => resolveClusterSimOptions(readSettings({ nodePorts: 'node01' }, {}).options)).toThrow(
      'nodePorts.node01',
    );
  });

  test('with the banner the log is quiet', () => {
    expect(readSettings({}, {}).logLevel).toBe('info');
    expect(readSettings({ welcome: true }, {}).logLevel).toBe('warn');
    expect(readSettings({ welcome: true, logLevel: 'debug' }, {}).logLevel).toBe('debug');
    expect(() => readSettings({ logLevel: 'loud' }, {})).toThrow('--log-level is loud');
  });
});

describe('the ring of the applied log', () => {
  const entry = (seq: number): AppliedEntry => ({ seq }) as AppliedEntry;

  test('keeps the latest entries and reads from any number', () => {
    const ring = new AppliedRing(4);
    expect(ring.read(0, 10)).toEqual([]);
    for (let seq = 11; seq <= 20; seq += 1) ring.push(entry(seq));
    const read = (after: number, limit: number): number[] => ring.read(after, limit).map(({ seq }) => seq);
    expect(ring.length).toBe(4);
    expect(ring.oldest?.seq).toBe(17);
    expect(read(0, 10)).toEqual([17, 18, 19, 20]);
    expect(read(18, 10)).toEqual([19, 20]);
    expect(read(17, 2)).toEqual([18, 19]);
    expect(read(20, 10)).toEqual([]);
    expect(read(99, 10)).toEqual([]);
  });
});

test('seeded dice are even, and differ by label', () => {
  const throws = (label: string): number[] => {
    const die = seededRandom('seed', label);
    return Array.from({ length: 10_000 }, () => die());
  };
  const first = throws('node01');
  expect(throws('node01')).toEqual(first);
  expect(throws('node02')).not.toEqual(first);
  for (let tenth = 0; tenth < 10; tenth += 1) {
    const share = first.filter((value) => Math.floor(value * 10) === tenth).length;
    expect(share).toBeGreaterThan(850);
    expect(share).toBeLessThan(1_150);
  }
});
