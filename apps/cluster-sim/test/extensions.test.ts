import { describe, expect, test } from 'vitest';
import { messageOf, TestClient } from './support/client.js';
import { startCluster, tempFolder } from './support/cluster.js';
import { ManualClock } from './support/manual-clock.js';

const FENCE = 'holdfast-fence';
const HOUR_MS = 60 * 60 * 1000;

function fence(value: string): { headers: Record<string, string> } {
  return { headers: { [FENCE]: value } };
}

describe('advertising', () => {
  test('every reply names the extensions, errors too', async () => {
    const client = new TestClient((await startCluster()).url);
    const answers = [
      await client.send('GET', '/ping'),
      await client.send('GET', '/nothing'),
      await client.send('PUT', '/group'),
      await client.create('1'),
      await client.create('1'),
      await client.send('POST', '/group', { body: Buffer.alloc(100_000) }),
      await client.send('GET', '/group/%zz'),
      await client.send('GET', '/admin/faults'),
      await client.send('GET', '/healthz'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 405, 201, 400, 413, 400, 401, 200]);
    for (const { headers } of answers) {
      expect(headers['holdfast-extensions']).toBe('timestamp, tombstone, fence, list');
    }
  });

  test('only those that are on, in the order of the protocol', async () => {
    const client = new TestClient((await startCluster({ extensions: ['list', 'timestamp'] })).url);
    expect((await client.send('GET', '/ping')).headers['holdfast-extensions']).toBe('timestamp, list');
  });
});

describe('timestamp', () => {
  test('GET tells the token by its shortest text, and nothing where there is none', async () => {
    const client = new TestClient((await startCluster({ extensions: ['timestamp'] })).url);
    await client.create('5', { timestamp: '1633806680.4265990' });
    await client.create('6');
    expect((await client.get('5')).headers['timestamp']).toBe('1633806680.426599');
    expect((await client.get('6')).headers).not.toHaveProperty('timestamp');
  });
});

describe('tombstone', () => {
  const TOMBSTONED = '{"message": "Timestamp was deleted.", "status": 410}';

  test('a DELETE that hits and one that misses both burn the token', async () => {
    const client = new TestClient((await startCluster({ extensions: ['tombstone'] })).url);
    await client.create('hit', { timestamp: 1.5 });
    expect((await client.delete('hit', { timestamp: 1.5 })).status).toBe(200);
    expect((await client.delete('miss', { timestamp: 1.5 })).status).toBe(404);
    for (const id of ['hit', 'miss']) {
      expect(await client.create(id, { timestamp: 1.5 })).toMatchObject({ status: 410, text: TOMBSTONED });
      expect((await client.get(id)).status).toBe(404);
      expect((await client.create(id, { timestamp: 2.5 })).status).toBe(201);
    }
  });

  test('the burnt token wins over a record that exists under another', async () => {
    const client = new TestClient((await startCluster({ extensions: ['tombstone'] })).url);
    await client.delete('5', { timestamp: 1.5 });
    await client.create('5', { timestamp: 2.5 });
    expect((await client.create('5', { timestamp: 1.5 })).status).toBe(410);
  });

  test('a DELETE without timestamp burns nothing', async () => {
    const client = new TestClient((await startCluster({ extensions: ['tombstone'] })).url);
    await client.create('5', { timestamp: 1.5 });
    expect((await client.delete('5')).status).toBe(200);
    expect((await client.create('5', { timestamp: 1.5 })).status).toBe(201);
  });

  test('it is kept for a day and over a restart, and pruned after', async () => {
    const dataDir = tempFolder();
    const clock = new ManualClock();
    const first = await startCluster({ extensions: ['tombstone'], dataDir, clock });
    await new TestClient(first.url).delete('old', { timestamp: 1.5 });
    await first.close();
    const client = new TestClient((await startCluster({ extensions: ['tombstone'], dataDir, clock })).url);
    clock.wallMs += 24 * HOUR_MS - 1;
    await client.delete('other', { timestamp: 1.5 });
    expect((await client.create('old', { timestamp: 1.5 })).status).toBe(410);
    clock.wallMs += 2_000;
    await client.delete('another', { timestamp: 1.5 });
    expect((await client.create('old', { timestamp: 1.5 })).status).toBe(201);
  });

  test('off, a deleted token may be written again', async () => {
    const client = new TestClient((await startCluster({ extensions: ['timestamp', 'fence', 'list'] })).url);
    await client.delete('5', { timestamp: 1.5 });
    expect((await client.create('5', { timestamp: 1.5 })).status).toBe(201);
  });
});

describe('fence', () => {
  const STALE = '{"message": "Stale fence.", "status": 412}';

  test('a lower value is refused per scope, an equal or higher one and none at all pass', async () => {
    const client = new TestClient((await startCluster({ extensions: ['fence'] })).url);
    expect((await client.create('1', fence('a:7'))).status).toBe(201);
    expect(await client.create('2', fence('a:6'))).toMatchObject({ status: 412, text: STALE });
    expect(await client.delete('1', fence('a:6'))).toMatchObject({ status: 412, text: STALE });
    expect((await client.create('2', fence('a:7'))).status).toBe(201);
    expect((await client.create('3', fence('b:1'))).status).toBe(201);
    expect((await client.create('4')).status).toBe(201);
    expect((await client.create('5', fence('a:10'))).status).toBe(201);
    expect((await client.create('6', fence('a:9'))).status).toBe(412);
    expect((await client.create('7', { ...fence('a:0'), node: 'node02' })).status).toBe(201);
  });

  test('it is raised by writes that answer 400, 404 and 410, and kept over a restart', async () => {
    const dataDir = tempFolder();
    const first = await startCluster({ dataDir });
    const client = new TestClient(first.url);
    expect((await client.delete('x', { timestamp: 1.5, ...fence('miss:5') })).status).toBe(404);
    expect((await client.create('x', { timestamp: 1.5, ...fence('gone:5') })).status).toBe(410);
    await client.create('y');
    expect((await client.create('y', fence('exists:5'))).status).toBe(400);
    await first.close();
    const again = new TestClient((await startCluster({ dataDir })).url);
    for (const scope of ['miss', 'gone', 'exists']) {
      expect((await again.create('z', fence(`${scope}:4`))).status).toBe(412);
    }
    expect((await again.create('z', fence('miss:5'))).status).toBe(201);
  });

  test('a refused write changes nothing, not even a tombstone', async () => {
    const client = new TestClient((await startCluster()).url);
    await client.create('1', fence('a:7'));
    await client.delete('2', { timestamp: 1.5, ...fence('a:6') });
    expect((await client.create('2', { timestamp: 1.5 })).status).toBe(201);
  });

  test('the whole range of 64 bits counts', async () => {
    const client = new TestClient((await startCluster()).url);
    expect((await client.create('1', fence('a:18446744073709551614'))).status).toBe(201);
    expect((await client.create('2', fence('a:18446744073709551615'))).status).toBe(201);
    expect((await client.create('3', fence('a:18446744073709551614'))).status).toBe(412);
  });

  test('garbage is refused with a clear message', async () => {
    const client = new TestClient((await startCluster()).url);
    const long = `${'a'.repeat(129)}:1`;
    for (const value of [
      '',
      '5',
      'a',
      'a:',
      ':5',
      'a:-1',
      'a:1.5',
      'a:x',
      'a b:1',
      'a:18446744073709551616',
      long,
    ]) {
      const answer = await client.create('1', fence(value));
      expect({ value, status: answer.status }).toEqual({ value, status: 400 });
      expect(messageOf(answer)).toContain('holdfast-fence must be <scope>:<integer from 0 to 2^64-1>');
    }
    expect((await client.get('1')).status).toBe(404);
  });

  test('off, the header means nothing', async () => {
    const client = new TestClient((await startCluster({ extensions: 'off' })).url);
    await client.create('1', fence('a:7'));
    expect((await client.create('2', fence('a:6'))).status).toBe(201);
    expect((await client.create('3', fence('garbage'))).status).toBe(201);
  });
});

describe('list', () => {
  test('pages through the records of one node', async () => {
    const client = new TestClient((await startCluster()).url);
    for (const id of ['b', 'a', 'ü', 'd']) await client.create(id, { timestamp: 1.5 });
    await client.create('c');
    await client.create('elsewhere', { node: 'node02' });
    const first = await client.send('GET', '/groups?node=node01&limit=3');
    expect(first.headers['content-type']).toBe('application/json');
    expect(JSON.parse(first.text)).toEqual({
      groups: [
        { groupId: 'a', timestamp: 1.5 },
        { groupId: 'b', timestamp: 1.5 },
        { groupId: 'c', timestamp: null },
      ],
      next: 'c',
    });
    const second = await client.send('GET', '/v1/groups?after=c&limit=3', { node: 'node01' });
    expect(JSON.parse(second.text)).toEqual({
      groups: [
        { groupId: 'd', timestamp: 1.5 },
        { groupId: 'ü', timestamp: 1.5 },
      ],
      next: null,
    });
  });

  test('a page that ends with the records has no next', async () => {
    const client = new TestClient((await startCluster()).url);
    await client.create('a');
    const page = await client.send('GET', '/groups?node=node01&limit=1');
    expect(JSON.parse(page.text)).toEqual({ groups: [{ groupId: 'a', timestamp: null }], next: null });
  });

  test('bad questions are refused', async () => {
    const client = new TestClient((await startCluster()).url);
    expect((await client.send('GET', '/groups')).status).toBe(406);
    expect((await client.send('GET', '/groups?node=x')).status).toBe(406);
    for (const limit of ['0', '10001', 'x', '-1', '1.5']) {
      const answer = await client.send('GET', `/groups?node=node01&limit=${limit}`);
      expect(answer.status).toBe(400);
      expect(messageOf(answer)).toBe('limit must be a whole number from 1 to 10000');
    }
  });

  test('off, the path does not exist', async () => {
    const client = new TestClient((await startCluster({ extensions: ['fence'] })).url);
    expect((await client.send('GET', '/groups?node=node01')).status).toBe(404);
  });
});
