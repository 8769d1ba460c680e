import { expect, test } from 'vitest';
import { ReliableConnectorError } from '../../src/index.js';
import { connect } from './support/connect.js';
import { held, shareStage } from './support/stage.js';

const stage = shareStage();

const BAD: readonly [name: string, id: string | number, named: string, why: RegExp][] = [
  ['a slash', 'a/b', '"a/b"', /contains "\/"/],
  ['nothing', '', '""', /cannot be addressed in a URL/],
  ['a dot', '.', '"."', /cannot be addressed in a URL/],
  ['two dots', '..', '".."', /cannot be addressed in a URL/],
  ['a line break', 'a\nb', '"a\\nb"', /control character/],
  ['NUL', 'a\0', '"a\\u0000"', /control character/],
  ['a C1 control character', 'a\u0085b', 'is not usable', /control character/],
  ['a lone high surrogate', 'a\ud800', '"a\\ud800"', /half a surrogate pair/],
  ['a lone low surrogate', '\udc00a', '"\\udc00a"', /half a surrogate pair/],
  ['1 MB', 'x'.repeat(1_000_000), '"xxx', /1000000 bytes of UTF-8, the limit is 256/],
  ['257 bytes in 129 characters', `${'é'.repeat(128)}x`, '"é', /257 bytes of UTF-8, the limit is 256/],
  ['a fraction', 1.5, '1.5', /whole number within ±2\^53/],
  ['a number that is not exact', 2 ** 53, '9007199254740992', /whole number within ±2\^53/],
];

test.each(BAD)(
  '%s is refused as an id by every call, and nothing is sent (scenario 32)',
  async (_, id, named, why) => {
    const { nodes, gate } = stage();
    const connector = await connect(nodes);
    const calls = [
      () => connector.createGroup(id),
      () => connector.deleteGroup(id),
      () => connector.deleteGroup(id, { force: true }),
      () => connector.getGroup(id),
      () => connector.plan('create', id),
      () => connector.verify({ ids: ['fine', id] }),
      () => connector.repair({ ids: ['fine', id], direction: 'remove', force: true }),
    ];
    for (const call of calls) {
      const error = await call().then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(ReliableConnectorError);
      expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', retryable: false });
      const { message } = error as Error;
      expect(message).toContain(named);
      expect(message).toMatch(why);
      expect(message.length).toBeLessThan(300);
    }
    expect(gate.exchanges).toEqual([]);
    expect((await connector.info()).sagas).toMatchObject({ applying: 0, ended: 0 });
  },
);

const GOOD: readonly (string | number)[] = [
  'two words',
  ' ',
  '100%',
  '%2F',
  '%2e%2e',
  '...',
  'a?b=c&d#e',
  'a+b',
  'größe',
  '日本語',
  '👩‍🚀',
  'e\u0301',
  'line\u2028separator',
  '"quoted" \\ back',
  '__proto__',
  'holdfast',
  -3,
  0,
  Number.MAX_SAFE_INTEGER,
  'x'.repeat(256),
];

test('ids of every other kind live their whole life on every node (scenario 32)', async () => {
  const { nodes, cluster } = stage();
  const connector = await connect(nodes);
  for (const id of GOOD) {
    const created = await connector.createGroup(id);
    expect(created, String(id)).toMatchObject({ status: 'committed' });
    const token = (await connector.status(created.sagaId ?? 0))?.token;
    expect(await held(cluster, id), String(id)).toEqual({ node01: token, node02: token, node03: token });
    const { groupId, nodes: seen } = await connector.getGroup(id);
    expect([groupId, ...Object.values(seen)]).toEqual([String(id), 'present', 'present', 'present']);
  }
  expect(await connector.verify()).toEqual({ checked: GOOD.length, clean: true, differences: [] });
  for (const id of GOOD)
    expect(await connector.deleteGroup(id), String(id)).toMatchObject({ status: 'committed' });
  expect(await connector.stats()).toEqual({ consistent: true, counts: { node01: 0, node02: 0, node03: 0 } });
});

test('7 and "7" are one id (scenario 32)', async () => {
  const { nodes, cluster } = stage();
  const connector = await connect(nodes);
  expect(await connector.createGroup(7)).toMatchObject({ status: 'committed' });
  expect(await connector.createGroup('7')).toMatchObject({ status: 'rejected', reason: 'exists' });
  expect(await connector.createGroup('07')).toMatchObject({ status: 'committed' });
  expect(await connector.deleteGroup('7')).toMatchObject({ status: 'committed' });
  expect(await held(cluster, 7)).toEqual({ node01: null, node02: null, node03: null });
});

test('limits.idBytes moves the limit, and the message says which one it was', async () => {
  const { nodes } = stage();
  const connector = await connect(nodes, { limits: { idBytes: 3 } });
  expect(await connector.createGroup('abc')).toMatchObject({ status: 'committed' });
  await expect(connector.createGroup('abcd')).rejects.toThrow(/"abcd".*4 bytes.*the limit is 3/);
});
