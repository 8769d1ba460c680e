import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { Coordinator, CoordinatorOptions } from '../../src/index.js';
import { deferred } from './deferred.js';
import { Fleet, useRedis } from './fleet.js';
import { startNodePeer } from './node-process.js';
import { hex, type PythonPeer, type PythonPeerOptions } from './python-peer.js';
import { reportLine } from './report-line.js';

const redis = useRedis();
const GROUP = { group: hex('g') };
const elected = (member: string): string[][] => [['elected', hex('g'), hex(member)]];

type Format = NonNullable<CoordinatorOptions['lockKeyFormat']>;
const SETTINGS: readonly [format: Format, generation: NonNullable<PythonPeerOptions['generation']>][] = [
  ['tooz8-bytes', 8],
  ['tooz8-text', 8],
  ['tooz9', 9],
  [['tooz9', 'tooz8-bytes'], 8],
  [['tooz9', 'tooz8-bytes'], 9],
];

describe.each(SETTINGS)('B26 one leader, elected as %s and tooz %d', (lockKeyFormat, generation) => {
  it('Node leads, Python leads, Node leads: never both, and Node says what it can know', async () => {
    const fleet = new Fleet(redis());
    const [node, python] = await Promise.all([
      fleet.node('n', { lockKeyFormat }),
      fleet.python('p', { generation }),
    ]);
    const terms: string[] = [];
    await node.createGroup('g');
    node.watchElectedAsLeader('g', ({ memberId }) => terms.push(memberId));
    await python.tell('stand', GROUP);
    expect(await node.getLeader('g')).toBeNull();

    await node.runWatchers();
    expect(terms).toStrictEqual(['n']);
    expect(await python.tell('run_watchers', {})).toStrictEqual([]);
    expect(await node.getLeader('g')).toBe('n');
    expect(await node.standDownGroupLeader('g')).toBe(true);

    expect(await python.tell('run_watchers', {})).toStrictEqual(elected('p'));
    await node.runElectCoordinator();
    expect(terms).toStrictEqual(['n']);
    expect(await node.getLeader('g')).toBeUndefined();
    expect(await node.requestStandDown('g')).toBe(false);
    expect(await node.standDownGroupLeader('g')).toBe(false);
    expect(await python.tell('run_watchers', {})).toStrictEqual([]);

    await python.tell('stop', {});
    expect(await node.getLeader('g')).toBeNull();
    await node.runElectCoordinator();
    expect(terms).toStrictEqual(['n', 'n']);
    expect(await node.getLeader('g')).toBe('n');
  });
});

describe('B26 hand-over between the languages', () => {
  it('a leading Node hands over to Python only when its work has settled, and observers are told who leads', async () => {
    const fleet = new Fleet(redis());
    const [node, observer, python] = await Promise.all([fleet.node('n'), fleet.node('o'), fleet.python('p')]);
    await node.createGroup('g');
    await python.tell('stand', GROUP);
    const leaders = observer.events('g')[Symbol.asyncIterator]();
    expect((await leaders.next()).value).toMatchObject({ type: 'snapshot', leader: null });
    const work = deferred<string>();
    const leading = deferred<AbortSignal>();
    const served = node.lead('g', ({ signal }) => {
      leading.resolve(signal);
      return work.promise;
    });
    const signal = await leading.promise;
    expect((await leaders.next()).value).toMatchObject({ type: 'elected', memberId: 'n' });
    expect(await observer.requestStandDown('g')).toBe(true);
    if (!signal.aborted) await once(signal, 'abort');
    expect(await python.tell('run_watchers', {})).toStrictEqual([]);
    work.resolve('done');
    expect(await served).toBe('done');
    expect(await python.tell('run_watchers', {})).toStrictEqual(elected('p'));
    expect((await leaders.next()).value).toMatchObject({ type: 'resigned', memberId: 'n' });
    expect((await leaders.next()).value).toMatchObject({ type: 'elected', memberId: undefined });
    await leaders.return?.();
  });

  it('after kill -9 of a leading Python, Node leads after its lease', async () => {
    const fleet = new Fleet(redis(), { leaseSeconds: 2 });
    const [node, python] = await Promise.all([fleet.node('n', { lockTtlMs: 30_000 }), fleet.python('p')]);
    await lead(python);
    const serving = node.lead('g', async ({ term }) => term);
    const killed = performance.now();
    await python.kill();
    expect(await serving).toBeGreaterThan(0n);
    reportLine(`interop: Node led ${seconds(killed)} s after a leading Python was killed (lease 2 s)`);
  });

  it('after kill -9 of a leading Node, Python leads after its lease', async () => {
    const fleet = new Fleet(redis(), { leaseSeconds: 2 });
    await using peer = await startNodePeer({ url: fleet.url, memberId: 'n', group: 'g', lock: 'lk' });
    const [observer, python] = await Promise.all([fleet.node('o'), fleet.python('p')]);
    await python.tell('stand', GROUP);
    expect(await python.tell('run_watchers', {})).toStrictEqual([]);
    expect(await observer.getLeader('g')).toBe('n');
    const killed = performance.now();
    await peer.kill();
    await expect.poll(() => python.tell('run_watchers', {}), { timeout: 20_000 }).toStrictEqual(elected('p'));
    reportLine(`interop: Python led ${seconds(killed)} s after a leading Node was killed (lease 2 s)`);
    expect(await observer.getLeader('g')).toBeUndefined();
  });

  it('a Node leader whose lock Python took away is told, and does not lead any more', async () => {
    const fleet = new Fleet(redis());
    const [node, python] = await Promise.all([fleet.node('n'), fleet.python('p')]);
    const leading = deferred<AbortSignal>();
    const served = node.lead('g', async ({ signal }) => {
      leading.resolve(signal);
      if (!signal.aborted) await once(signal, 'abort');
    });
    const refused = expect(served).rejects.toMatchObject({ code: 'LEADERSHIP_LOST' });
    const signal = await leading.promise;
    expect(await python.tell('break_lock', { lock: "b'leader_of_g'" })).toBe(true);
    await lead(python);
    await node.heartbeat();
    expect(signal.aborted).toBe(true);
    await refused;
    expect(await leaderOf(node)).toBeUndefined();
  });

  async function lead(python: PythonPeer): Promise<void> {
    await python.tell('stand', GROUP);
    expect(await python.tell('run_watchers', {})).toStrictEqual(elected('p'));
  }

  async function leaderOf(node: Coordinator): Promise<string | null | undefined> {
    if (!(await node.getGroups()).includes('g')) await node.createGroup('g');
    return node.getLeader('g');
  }

  const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(2);
});
