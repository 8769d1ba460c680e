import { describe, expect, it } from 'vitest';
import { CapabilityExtension } from '../../src/capabilities/index.js';
import type { Capabilities, CoordinationEvent, Coordinator } from '../../src/index.js';
import { Fleet, useRedis } from './fleet.js';
import { startNodePeer } from './node-process.js';
import { hex } from './python-peer.js';
import { reportLine } from './report-line.js';

const redis = useRedis();
const GROUP = { group: hex('g') };

describe('B26 one group, members of both languages', () => {
  it('both see the same groups and members, whoever made and joined them', async () => {
    const fleet = new Fleet(redis());
    const [node, python] = await Promise.all([
      fleet.node('mé'),
      fleet.python(Buffer.from([0xff, 0x00, 0x3a])),
    ]);
    await node.createGroup('g');
    await python.tell('create_group', { group: 'ff' });
    await expect(python.tell('create_group', GROUP)).rejects.toMatchObject({ name: 'GroupAlreadyExist' });
    await expect(node.createGroup(Buffer.from([0xff]))).rejects.toMatchObject({
      code: 'GROUP_ALREADY_EXISTS',
    });
    expect(await python.tell('groups', {})).toStrictEqual([hex('g'), 'ff']);
    expect(new Set(await node.getGroups())).toStrictEqual(new Set(['g', '\udcff']));

    await python.tell('join', GROUP);
    await node.joinGroup('g');
    expect(await node.getMembers('g')).toStrictEqual(new Set(['mé', '\udcff\0:']));
    expect(await python.tell('members', GROUP)).toStrictEqual([hex('mé'), 'ff003a'].sort());
    await expect(python.tell('join', GROUP)).rejects.toMatchObject({ name: 'MemberAlreadyExist' });
    await expect(node.deleteGroup('g')).rejects.toMatchObject({ code: 'GROUP_NOT_EMPTY' });
    await expect(python.tell('delete_group', GROUP)).rejects.toMatchObject({ name: 'GroupNotEmpty' });

    await python.tell('leave', GROUP);
    expect(await node.getMembers('g')).toStrictEqual(new Set(['mé']));
    await node.leaveGroup('g');
    expect(await python.tell('members', GROUP)).toStrictEqual([]);
    await python.tell('delete_group', GROUP);
    await expect(node.getMembers('g')).rejects.toMatchObject({ code: 'GROUP_NOT_CREATED' });
    await node.deleteGroup(Buffer.from([0xff]));
    expect(await python.tell('groups', {})).toStrictEqual([]);
  });

  it('one id is one member: neither joins under the id of a living other', async () => {
    const fleet = new Fleet(redis());
    const [node, python] = await Promise.all([fleet.node('same'), fleet.python('same')]);
    await node.joinGroupCreate('g', { by: 'node' });
    await expect(python.tell('join', { ...GROUP, capabilities: "{'by': 'python'}" })).rejects.toMatchObject({
      name: 'MemberAlreadyExist',
    });
    const other = new Fleet(redis());
    const [late, first] = await Promise.all([other.node('same'), other.python('same')]);
    await first.tell('create_group', GROUP);
    await first.tell('join', { ...GROUP, capabilities: "{'by': 'python'}" });
    await expect(late.joinGroup('g', { by: 'node' })).rejects.toMatchObject({
      code: 'MEMBER_ALREADY_EXISTS',
    });
    // Python overwrites what it was refused to join over; Node does not.
    expect(await late.getMemberCapabilities('g', 'same')).toStrictEqual({ by: 'python' });
  });

  it('watchers of either see members of the other come and go', async () => {
    const fleet = new Fleet(redis());
    const [node, python] = await Promise.all([fleet.node('n'), fleet.python('p')]);
    const seen: string[] = [];
    await node.createGroup('g');
    await python.tell('watch', GROUP);
    await node.watchJoinGroup('g', ({ memberId }) => seen.push(`joined ${memberId}`));
    await node.watchLeaveGroup('g', ({ memberId }) => seen.push(`left ${memberId}`));
    await node.joinGroup('g');
    expect(await python.tell('run_watchers', {})).toStrictEqual([['joined', hex('g'), hex('n')]]);
    await node.runWatchers();
    await python.tell('join', GROUP);
    await node.runWatchers();
    await python.tell('leave', GROUP);
    await node.runWatchers();
    expect(seen).toStrictEqual(['joined n', 'joined p', 'left p']);
    await python.tell('run_watchers', {});
    await node.leaveGroup('g');
    expect(await python.tell('run_watchers', {})).toStrictEqual([['left', hex('g'), hex('n')]]);
  });
});

describe('B26 capabilities', () => {
  /** What Node writes, how Python shows it, and what Node reads of Python's where that is not what Node wrote. */
  const values: readonly (readonly [Capabilities, string, Capabilities?])[] = [
    [{}, '{}'],
    [true, 'True'],
    [7, '7'],
    ['text', "'text'"],
    [{ weight: 1 }, "{'weight': 1}"],
    [
      { type: 'worker', slots: [1, 2, 3], nested: { a: null, b: -33, c: 128 } },
      "{'type': 'worker', 'slots': [1, 2, 3], 'nested': {'a': None, 'b': -33, 'c': 128}}",
    ],
    [
      { load: 0.5, tiny: 5e-324, infinite: Number.POSITIVE_INFINITY },
      "{'load': 0.5, 'tiny': 5e-324, 'infinite': inf}",
    ],
    [
      [2 ** 53 - 1, 2n ** 53n, 2n ** 64n - 1n, -(2n ** 63n)],
      '[9007199254740991, 9007199254740992, 18446744073709551615, -9223372036854775808]',
    ],
    [{ ключ: 'чупакабра 😀' }, "{'ключ': 'чупакабра 😀'}"],
    [new Uint8Array([0, 0xff]), String.raw`b'\x00\xff'`],
    [{ a: new Uint8Array() }, "{'a': b''}"],
    [{ set: new Set([1]) }, "{'set': {1}}"],
    [new Set([new Set(['inner'])]), "{frozenset({'inner'})}"],
    ['x'.repeat(70_000), `'${'x'.repeat(70_000)}'`],
    [
      Array.from({ length: 70_000 }, (_, i) => i % 100),
      `[${Array.from({ length: 70_000 }, (_, i) => i % 100).join(', ')}]`,
    ],
    [[false, null, [], [[]]], '[False, None, [], [[]]]'],
  ];

  it(`${values.length} values are the same to both, joined by either`, async () => {
    const fleet = new Fleet(redis());
    const [node, python] = await Promise.all([fleet.node('n'), fleet.python('p')]);
    await node.joinGroupCreate('g');
    await python.tell('join', GROUP);
    for (const [value, shown, read = value] of values) {
      await node.updateCapabilities('g', value);
      expect(await python.tell('capabilities', { ...GROUP, member: hex('n') })).toBe(shown);
      if (/inf|frozenset/.test(shown)) continue; // No literals of Python.
      await python.tell('update', { ...GROUP, capabilities: shown });
      expect(await node.getMemberCapabilities('g', 'p')).toStrictEqual(read);
      expect(await node.getMembersWithCapabilities('g')).toStrictEqual(
        new Map<string, unknown>([
          ['n', read],
          ['p', read],
        ]),
      );
    }
    reportLine(`interop: ${values.length} capabilities equal in both directions`);
  });

  it('a tuple comes back as a list, an undefined property not at all, a UUID is one to Python', async () => {
    const fleet = new Fleet(redis());
    const [node, python] = await Promise.all([fleet.node('n'), fleet.python('p')]);
    await node.joinGroupCreate('g', { a: undefined, b: 1 });
    expect(await python.tell('capabilities', { ...GROUP, member: hex('n') })).toBe("{'b': 1}");
    await python.tell('join', { ...GROUP, capabilities: '(1, (2, 3))' });
    expect(await node.getMemberCapabilities('g', 'p')).toStrictEqual([1, [2, 3]]);
    await node.updateCapabilities(
      'g',
      new CapabilityExtension(0, Buffer.from('0bea9edd0e6113118f181302fc000001')),
    );
    expect(await python.tell('capabilities', { ...GROUP, member: hex('n') })).toBe(
      "UUID('0bea9edd-0e61-1311-8f18-1302fc000001')",
    );
  });

  it('none are none to Node from both generations, and None to Python', async () => {
    const fleet = new Fleet(redis());
    const [node, eight, nine] = await Promise.all([
      fleet.node('n'),
      fleet.python('8'),
      fleet.python('9', { generation: 9 }),
    ]);
    await node.joinGroupCreate('g');
    await eight.tell('join', GROUP);
    await nine.tell('join', GROUP);
    expect(await node.getMembersWithCapabilities('g')).toStrictEqual(
      new Map([
        ['n', null],
        ['8', null],
        ['9', null],
      ]),
    );
    expect(await eight.tell('capabilities', { ...GROUP, member: hex('n') })).toBe('None');
  });
});

describe('B26 kill -9', () => {
  it('of a Python member is seen by Node after its lease', async () => {
    const fleet = new Fleet(redis(), { leaseSeconds: 2 });
    const [node, python] = await Promise.all([
      fleet.node('n', { membershipTtlMs: 30_000 }),
      fleet.python('p'),
    ]);
    await node.joinGroupCreate('g');
    await python.tell('join', GROUP);
    const left = eventOf(node, 'left');
    await python.tell('heartbeat', {});
    expect(await node.getMembers('g')).toStrictEqual(new Set(['n', 'p']));
    const killed = performance.now();
    await python.kill();
    expect(await left).toMatchObject({ groupId: 'g', memberId: 'p' });
    reportLine(`interop: Node saw that Python was killed after ${seconds(killed)} s (lease 2 s)`);
    expect(await node.getMembers('g')).toStrictEqual(new Set(['n']));
  });

  it('of a Node member is seen by Python after its lease', async () => {
    const fleet = new Fleet(redis(), { leaseSeconds: 2 });
    const python = await fleet.python('p');
    await python.tell('create_group', GROUP);
    await python.tell('join', GROUP);
    await python.tell('watch', GROUP);
    await using peer = await startNodePeer({ url: fleet.url, memberId: 'n', group: 'g', lock: 'lk' });
    expect(await python.tell('run_watchers', {})).toStrictEqual([['joined', hex('g'), hex('n')]]);
    const killed = performance.now();
    await peer.kill();
    await expect
      .poll(() => python.tell('run_watchers', {}), { timeout: 20_000 })
      .toStrictEqual([['left', hex('g'), hex('n')]]);
    reportLine(`interop: Python saw that Node was killed after ${seconds(killed)} s (lease 2 s)`);
    expect(await python.tell('members', GROUP)).toStrictEqual([hex('p')]);
  });

  async function eventOf(node: Coordinator, type: CoordinationEvent['type']): Promise<CoordinationEvent> {
    for await (const event of node.events('g')) if (event.type === type) return event;
    throw new Error('the stream ended');
  }

  const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(2);
});
