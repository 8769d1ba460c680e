import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Fleet, useRedis } from './fleet.js';
import { hex } from './python-peer.js';
import { reportLine } from './report-line.js';

const redis = useRedis();
let client: Redis;
beforeAll(() => {
  client = new Redis(redis().url);
});
afterAll(() => client.disconnect());

/** What one key holds: bytes as hex. */
interface Entry {
  readonly type: string;
  readonly value: unknown;
  readonly expires: boolean;
}

const CAPABILITIES = { weight: 1, slots: [1, 128, -33], load: 0.5, host: 'ü' };
const IN_PYTHON = "{'weight': 1, 'slots': [1, 128, -33], 'load': 0.5, 'host': 'ü'}";
const GROUP = 'grü:1';

it.each([
  ['tooz9', 9, '_tooz', ['_tooz_lk:y_lock', '_tooz_leader_of_grü:1_lock']],
  ['tooz9', 9, 'my.ns', ['my.ns_lk:y_lock', 'my.ns_leader_of_grü:1_lock']],
  ['tooz9', 9, '{tooz}', ['{tooz}_lk:y_lock', '{tooz}_leader_of_grü:1_lock']],
  ['tooz8-bytes', 8, '_tooz', ["b'_tooz'_b'lk:y'_lock", String.raw`b'_tooz'_b'leader_of_gr\xc3\xbc:1'_lock`]],
  ['tooz8-bytes', 8, "it's", [`b"it's"_b'lk:y'_lock`, String.raw`b"it's"_b'leader_of_gr\xc3\xbc:1'_lock`]],
] as const)(
  'as %s, Node leaves the keys that tooz %d leaves, in namespace %s',
  async (lockKeyFormat, generation, namespace, locks) => {
    const fleet = new Fleet(redis(), { namespace, leaseSeconds: 30 });
    await client.flushall();
    const node = await fleet.node('mé', { lockKeyFormat });
    await node.createGroup(Buffer.from([0xff]));
    await node.createGroup(GROUP);
    await node.joinGroup(GROUP, CAPABILITIES);
    await node.getLock(Buffer.from('lk:y')).acquire();
    node.watchElectedAsLeader(GROUP, () => {});
    await node.runElectCoordinator();
    const ours = await dump(namespace);
    await node.stop();
    expect(await keysLeft()).toStrictEqual(
      ['_group:\xff', latin1(`_group:${GROUP}`), '_groups', '_x:counter:fence:']
        .map((key) => namespace + key)
        .sort(),
    );

    await client.flushall();
    const python = await fleet.python('mé', { generation });
    await python.tell('create_group', { group: 'ff' });
    await python.tell('create_group', { group: hex(GROUP) });
    await python.tell('join', { group: hex(GROUP), capabilities: IN_PYTHON });
    await python.tell('acquire', { lock: "b'lk:y'", blocking: false });
    await python.tell('stand', { group: hex(GROUP) });
    await python.tell('run_watchers', {});
    const theirs = await dump(namespace);
    expect(ours).toStrictEqual(theirs);
    expect([...ours.keys()].filter((key) => key.endsWith('_lock')).sort()).toStrictEqual(
      locks.map(latin1).sort(),
    );
    expect([...ours.keys()].filter((key) => !key.endsWith('_lock')).sort()).toStrictEqual(
      [latin1('_beats:mé'), '_group:\xff', latin1(`_group:${GROUP}`), '_groups']
        .map((key) => namespace + key)
        .sort(),
    );
    reportLine(
      `interop: ${ours.size} keys as ${lockKeyFormat} in ${namespace} equal to those of tooz ${generation}`,
    );
  },
);

/** All keys but those of ours, as bytes in latin1; the tokens of locks are each client's own. */
async function dump(namespace: string): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  for (const key of (await client.keysBuffer('*')).sort(Buffer.compare)) {
    const name = key.toString('latin1');
    if (name.startsWith(latin1(`${namespace}_x:`))) continue;
    const type = await client.type(key);
    const value = name.endsWith('_lock') ? 'token' : await contentOf(key, type);
    entries.set(name, { type, value, expires: (await client.pttl(key)) > 0 });
  }
  return entries;
}

async function contentOf(key: Buffer, type: string): Promise<unknown> {
  if (type === 'string') return (await client.getBuffer(key))?.toString('hex');
  if (type === 'set')
    return (await client.smembersBuffer(key)).map((member) => member.toString('hex')).sort();
  const fields = await client.hgetallBuffer(key);
  return Object.entries(fields)
    .map(([field, value]) => `${hex(field)} ${value.toString('hex')}`)
    .sort();
}

const keysLeft = async (): Promise<string[]> =>
  (await client.keysBuffer('*')).map((key) => key.toString('latin1')).sort();

const latin1 = (text: string): string => Buffer.from(text).toString('latin1');
