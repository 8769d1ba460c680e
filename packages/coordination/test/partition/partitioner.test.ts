import { describe, expect, it, onTestFinished } from 'vitest';
import type { Capabilities } from '../../src/capabilities/index.js';
import { CoordinationError, type Coordinator, getCoordinator, SerializationError } from '../../src/index.js';
import {
  createPartitioner,
  joinPartitionedGroup,
  leavePartitionedGroup,
  type PartitionOptions,
} from '../../src/partition/index.js';
import { ScriptedCoordinator } from './scripted-coordinator.js';

const open = async (url: string, member: string): Promise<Coordinator> => {
  const coordinator = getCoordinator(url, member);
  await coordinator.start({ heart: false });
  onTestFinished(() => (coordinator.isStarted ? coordinator.stop() : undefined));
  return coordinator;
};

describe('in a group', () => {
  it('A73 A74 the ring follows the members as they join and stop', async () => {
    const url = 'memory://ring-follows';
    const [a, b, c, d] = await Promise.all(['a', 'b', 'c', 'd'].map((member) => open(url, member)));
    if (!a || !b || !c || !d) throw new Error('four coordinators were opened');
    const first = await joinPartitionedGroup(a, 'g');
    expect([...first.ring.nodes]).toStrictEqual([['a', 1]]);
    const second = await joinPartitionedGroup(b, 'g');
    await a.runWatchers();
    expect(first.ring.nodes.size).toBe(2);
    await Promise.all([joinPartitionedGroup(c, 'g'), joinPartitionedGroup(d, 'g')]);
    await Promise.all([a.runWatchers(), b.runWatchers()]);
    expect(first.ring.nodes.size).toBe(4);
    for (let i = 0; i < 100; i++)
      expect(first.membersForObject(i, { replicas: 4 })).toStrictEqual(
        second.membersForObject(i, { replicas: 4 }),
      );
    await Promise.all([b.stop(), c.stop(), d.stop()]);
    await a.runWatchers();
    expect([...first.ring.nodes.keys()]).toStrictEqual(['a']);
  });

  it('A75 weights show in the rings of both', async () => {
    const url = 'memory://ring-weights';
    const a = await open(url, 'a');
    const b = await open(url, 'b');
    const first = await joinPartitionedGroup(a, 'g', { weight: 5 });
    const second = await joinPartitionedGroup(b, 'g', { weight: 10 });
    await Promise.all([a.runWatchers(), b.runWatchers()]);
    for (const { ring } of [first, second]) {
      expect(new Map(ring.nodes)).toStrictEqual(
        new Map([
          ['a', 5],
          ['b', 10],
        ]),
      );
      expect(ring.size).toBe(15 * 32);
    }
    expect(await a.getMemberCapabilities('g', 'b')).toStrictEqual({ weight: 10 });
  });

  it('A76 after stop or leaving, hooks are gone and the ring stays as it is', async () => {
    const url = 'memory://ring-stops';
    const a = await open(url, 'a');
    const b = await open(url, 'b');
    const partitioner = await joinPartitionedGroup(a, 'g');
    await leavePartitionedGroup(a, partitioner);
    expect(await a.getMembers('g')).toStrictEqual(new Set());
    await joinPartitionedGroup(b, 'g');
    expect(await a.runWatchers()).toStrictEqual([]);
    expect([...partitioner.ring.nodes.keys()]).toStrictEqual(['a']);
    partitioner.stop();
  });

  it('A77 an object has exactly one owner, and each member knows whether it is it', async () => {
    const url = 'memory://ring-owners';
    const a = await open(url, 'a');
    const b = await open(url, 'b');
    const first = await joinPartitionedGroup(a, 'g');
    const second = await joinPartitionedGroup(b, 'g');
    await a.runWatchers();
    const mine = new Set<string>();
    for (let i = 0; i < 200; i++) {
      const owners = first.membersForObject(`object ${i}`);
      expect(owners.size).toBe(1);
      for (const member of ['a', 'b', Buffer.from('a')])
        expect(first.belongsToMember(`object ${i}`, member)).toBe(owners.has(member.toString()));
      expect(first.belongsToMember(`object ${i}`, 'stranger')).toBe(false);
      expect([first.belongsToSelf(`object ${i}`), second.belongsToSelf(`object ${i}`)]).toStrictEqual([
        owners.has('a'),
        owners.has('b'),
      ]);
      expect(first.belongsToSelf(`object ${i}`, { replicas: 2 })).toBe(true);
      expect(first.belongsToSelf(`object ${i}`, { ignore: ['b'] })).toBe(true);
      for (const owner of owners) mine.add(owner);
    }
    expect(mine).toStrictEqual(new Set(['a', 'b']));
  });

  it.each<[string, PartitionOptions]>([
    ['weight -1', { weight: -1 }],
    ['weight 1.5', { weight: 1.5 }],
    ['partitions 0', { partitions: 0 }],
  ])('%s is refused before anything is done', async (_name, options) => {
    const a = await open('memory://ring-refuses', 'a');
    await expect(joinPartitionedGroup(a, 'g', options)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(await a.getGroups()).toStrictEqual([]);
  });

  it('whoever cannot be given a partitioner is not left in the group', async () => {
    const failure = new Error('reading failed');
    const a = await open('memory://ring-fails', 'a');
    a.getMembersWithCapabilities = () => Promise.reject(failure);
    await expect(joinPartitionedGroup(a, 'g')).rejects.toBe(failure);
    expect(await a.getMembers('g')).toStrictEqual(new Set());
    expect(await a.runWatchers()).toStrictEqual([]);
  });

  it('a reading that failed is made up for by the next run, and all members agree again', async () => {
    const [a, b] = [await open('memory://ring-missed', 'a'), await open('memory://ring-missed', 'b')];
    const first = await joinPartitionedGroup(a, 'g');
    const second = await joinPartitionedGroup(b, 'g');
    const read = a.getMemberCapabilities.bind(a);
    a.getMemberCapabilities = () => Promise.reject(new CoordinationError('CONNECTION', 'cut'));
    for (let run = 0; run < 2; run++)
      await expect(a.runWatchers()).rejects.toMatchObject({ code: 'WATCH_CALLBACK_FAILED' });
    a.getMemberCapabilities = read;
    await a.runWatchers();
    expect(new Map(first.ring.nodes)).toStrictEqual(new Map(second.ring.nodes));
    expect(await a.runWatchers()).toStrictEqual([]);
  });

  it('partitions are points for each unit of weight', async () => {
    const a = await open('memory://ring-partitions', 'a');
    const partitioner = await joinPartitionedGroup(a, 'g', { partitions: 7, weight: 2 });
    expect([partitioner.partitions, partitioner.ring.size]).toStrictEqual([7, 14]);
  });

  it('a group that does not exist has no partitioner, and no hook stays', async () => {
    const a = await open('memory://ring-without-group', 'a');
    await expect(createPartitioner(a, 'g')).rejects.toMatchObject({ code: 'GROUP_NOT_CREATED' });
    await a.createGroup('g');
    await createPartitioner(a, 'g');
  });
});

describe('weights', () => {
  it.each<[unknown, number]>([
    [{ weight: 3 }, 3],
    [{ weight: 0 }, 0],
    [{ weight: -2 }, 0],
    [{ weight: 10n ** 18n }, 32_768],
    [{ weight: 10 ** 9 }, 32_768],
    [{ weight: 1.5 }, 1],
    [{ weight: '3' }, 1],
    [{ weight: null }, 1],
    [{}, 1],
    [null, 1],
    ['weight', 1],
    [7, 1],
    [[1, 2], 1],
    [Buffer.from('x'), 1],
  ])('of capabilities %o is %d', async (capabilities, weight) => {
    const coordinator = new ScriptedCoordinator({ m: capabilities as Capabilities | null });
    const { ring } = await createPartitioner(coordinator, 'g');
    expect(ring.nodes.get('m')).toBe(weight);
    await coordinator.joins('n', capabilities as Capabilities | null);
    expect(ring.nodes.get('n')).toBe(weight);
  });
});

describe('whatever happens while it reads', () => {
  it('a member that joins or leaves between watching and reading is neither lost nor kept', async () => {
    const coordinator = new ScriptedCoordinator({ self: { weight: 1 }, leaver: null });
    coordinator.held = [];
    const creating = createPartitioner(coordinator, 'g');
    await expect.poll(() => coordinator.readings).toStrictEqual(['*']);
    await coordinator.leaves('leaver');
    const joining = coordinator.joins('joiner', { weight: 2 });
    coordinator.answer();
    const { ring } = await creating;
    await joining;
    expect(new Map(ring.nodes)).toStrictEqual(
      new Map([
        ['self', 1],
        ['joiner', 2],
      ]),
    );
  });

  it('a member that leaves while its capabilities are read stays off the ring', async () => {
    const coordinator = new ScriptedCoordinator({ self: null });
    const { ring } = await createPartitioner(coordinator, 'g');
    coordinator.held = [];
    const joining = coordinator.joins('brief');
    await expect.poll(() => coordinator.readings).toContain('brief');
    await coordinator.leaves('brief');
    coordinator.answer();
    await joining;
    expect([...ring.nodes.keys()]).toStrictEqual(['self']);
  });

  it('a member that leaves and joins again meanwhile has the weight of its second joining', async () => {
    const coordinator = new ScriptedCoordinator({ self: null });
    const { ring } = await createPartitioner(coordinator, 'g');
    coordinator.held = [];
    const first = coordinator.joins('again', { weight: 2 });
    await expect.poll(() => coordinator.readings).toContain('again');
    await coordinator.leaves('again');
    const second = coordinator.joins('again', { weight: 7 });
    coordinator.answer();
    await Promise.all([first, second]);
    expect(ring.nodes.get('again')).toBe(7);
  });

  it('a member that has gone before it is read is no error', async () => {
    const coordinator = new ScriptedCoordinator({ self: null });
    const { ring } = await createPartitioner(coordinator, 'g');
    const joining = coordinator.joins('gone');
    coordinator.members.delete('gone');
    await joining;
    expect([...ring.nodes.keys()]).toStrictEqual(['self']);
  });

  it('a hundred members that join at once are read in one call', async () => {
    const coordinator = new ScriptedCoordinator({ self: null });
    const { ring } = await createPartitioner(coordinator, 'g');
    await Promise.all(Array.from({ length: 100 }, (_, i) => coordinator.joins(`m${i}`, { weight: i % 3 })));
    expect(ring.nodes.size).toBe(101);
    expect(ring.nodes.get('m5')).toBe(2);
    expect(coordinator.readings).toStrictEqual(['*', '*']);
  });

  const unreachable = new CoordinationError('CONNECTION', 'the server cannot be reached');

  it('when reading fails each watcher run hears of it, and the first that can read makes up for it', async () => {
    const coordinator = new ScriptedCoordinator({ self: null });
    const { ring } = await createPartitioner(coordinator, 'g');
    coordinator.failure = unreachable;
    await expect(coordinator.joins('late', { weight: 2 })).rejects.toBe(unreachable);
    for (let run = 0; run < 3; run++) await expect(coordinator.runs()).rejects.toBe(unreachable);
    expect([...ring.nodes.keys()]).toStrictEqual(['self']);
    coordinator.failure = null;
    await coordinator.runs();
    expect(new Map(ring.nodes)).toStrictEqual(
      new Map([
        ['self', 1],
        ['late', 2],
      ]),
    );
    coordinator.readings.splice(0);
    await coordinator.runs();
    expect(coordinator.readings).toStrictEqual([]);
  });

  it('those that several readings missed are read once, together with who joins in that run', async () => {
    const coordinator = new ScriptedCoordinator({ self: null });
    const { ring } = await createPartitioner(coordinator, 'g');
    coordinator.failure = unreachable;
    for (const member of ['a', 'b', 'c']) await expect(coordinator.joins(member)).rejects.toBe(unreachable);
    coordinator.failure = null;
    coordinator.readings.splice(0);
    await Promise.all([coordinator.joins('d'), coordinator.runs()]);
    expect([...ring.nodes.keys()].sort()).toStrictEqual(['a', 'b', 'c', 'd', 'self']);
    expect(coordinator.readings).toStrictEqual(['*']);
  });

  it('one that has left before it could be read is not read again', async () => {
    const coordinator = new ScriptedCoordinator({ self: null });
    const { ring } = await createPartitioner(coordinator, 'g');
    coordinator.failure = unreachable;
    await expect(coordinator.joins('brief')).rejects.toBe(unreachable);
    coordinator.failure = null;
    coordinator.readings.splice(0);
    await coordinator.leaves('brief');
    await coordinator.runs();
    expect(coordinator.readings).toStrictEqual([]);
    expect([...ring.nodes.keys()]).toStrictEqual(['self']);
  });

  it.each(['joins', 'leaves'] as const)(
    'a coordinator that calls nobody in its next run: a member is read when another %s',
    async (event) => {
      const coordinator: ScriptedCoordinator & { inNextRun?: unknown } = Object.assign(
        new ScriptedCoordinator({ self: null, other: null }),
        { inNextRun: undefined },
      );
      const { ring } = await createPartitioner(coordinator, 'g');
      coordinator.failure = unreachable;
      await expect(coordinator.joins('late', { weight: 2 })).rejects.toBe(unreachable);
      coordinator.failure = null;
      await coordinator[event]('other');
      expect(ring.nodes.get('late')).toBe(2);
    },
  );

  it('a member whose capabilities nobody can read keeps no other off the ring', async () => {
    const coordinator = new ScriptedCoordinator({ self: null });
    const { ring } = await createPartitioner(coordinator, 'g');
    const unreadable = new SerializationError('the capabilities of bad cannot be read');
    coordinator.getMembersWithCapabilities = () => Promise.reject(unreadable);
    const readOne = coordinator.getMemberCapabilities.bind(coordinator);
    coordinator.getMemberCapabilities = (group, member) =>
      member === 'bad' ? Promise.reject(unreadable) : readOne(group, member);
    const joined = ['good', 'bad', 'better'].map((member) => coordinator.joins(member));
    for (const one of joined) await expect(one).rejects.toBe(unreadable);
    expect([...ring.nodes.keys()].sort()).toStrictEqual(['better', 'good', 'self']);
    await expect(coordinator.runs()).rejects.toBe(unreadable);
    await coordinator.leaves('bad');
    await coordinator.runs();
    expect(ring.nodes.size).toBe(3);
  });

  it('after stop nobody is read any more, and the ring stays as it is', async () => {
    const coordinator = new ScriptedCoordinator({ self: null });
    const partitioner = await createPartitioner(coordinator, 'g');
    coordinator.failure = unreachable;
    await expect(coordinator.joins('late')).rejects.toBe(unreachable);
    coordinator.failure = null;
    coordinator.held = [];
    const joining = coordinator.joins('later');
    await expect.poll(() => coordinator.readings.length).toBe(3);
    partitioner.stop();
    coordinator.answer();
    await joining;
    await coordinator.runs();
    expect(coordinator.readings).toHaveLength(3);
    expect([...partitioner.ring.nodes.keys()]).toStrictEqual(['self']);
  });

  it('refresh makes the ring equal to the group, changed weights included', async () => {
    const coordinator = new ScriptedCoordinator({ self: null, other: { weight: 1 } });
    const partitioner = await createPartitioner(coordinator, 'g');
    coordinator.members.set('other', { weight: 4 }).set('unseen', null).delete('self');
    await partitioner.refresh();
    expect(new Map(partitioner.ring.nodes)).toStrictEqual(
      new Map([
        ['other', 4],
        ['unseen', 1],
      ]),
    );
  });

  it('no hook stays when the first reading fails, or after stop', async () => {
    const coordinator = new ScriptedCoordinator();
    const failure = new Error('reading failed');
    const read = coordinator.getMembersWithCapabilities.bind(coordinator);
    coordinator.getMembersWithCapabilities = () => Promise.reject(failure);
    await expect(createPartitioner(coordinator, 'g')).rejects.toBe(failure);
    expect([coordinator.joinHooks.size, coordinator.leaveHooks.size]).toStrictEqual([0, 0]);
    coordinator.getMembersWithCapabilities = read;
    {
      using partitioner = await createPartitioner(coordinator, 'g');
      expect(partitioner.groupId).toBe('g');
      expect([coordinator.joinHooks.size, coordinator.leaveHooks.size]).toStrictEqual([1, 1]);
    }
    expect([coordinator.joinHooks.size, coordinator.leaveHooks.size]).toStrictEqual([0, 0]);
  });
});
