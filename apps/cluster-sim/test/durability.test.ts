import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type AppliedEntry, startClusterSim } from '../src/index.js';
import { AppProcess } from './support/app-process.js';
import { TestClient } from './support/client.js';
import { startCluster, tempFolder } from './support/cluster.js';

function logLines(folder: string): AppliedEntry[] {
  const lines = readFileSync(join(folder, 'applied.log'), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as AppliedEntry];
    } catch {
      return [];
    }
  });
}

test('records outlive a restart', async () => {
  const dataDir = tempFolder();
  const first = await startCluster({ dataDir });
  await new TestClient(first.url).create('5', { timestamp: 1.5, node: 'node02' });
  await first.close();
  const second = await startCluster({ dataDir });
  const client = new TestClient(second.url);
  expect((await client.get('5', { node: 'node02' })).headers['timestamp']).toBe('1.5');
  expect((await client.get('5', { node: 'node01' })).status).toBe(404);
});

test('what was acknowledged is there after kill -9, and so is its line in the log', async () => {
  const dataDir = tempFolder();
  const app = new AppProcess(['--port', '0', '--data', dataDir, '--random-behavior', '0']);
  const client = new TestClient(await app.url());
  const acknowledged: string[] = [];
  const work = Array.from({ length: 16 }, async (_, lane) => {
    for (let round = 0; ; round += 1) {
      const id = `${lane}-${round}`;
      const answer = await client.create(id, { timestamp: round + 1 }).catch(() => undefined);
      if (answer === undefined) return;
      if (answer.status === 201) acknowledged.push(id);
      if (acknowledged.length === 500) void app.kill('SIGKILL');
    }
  });
  await Promise.all(work);
  expect(acknowledged.length).toBeGreaterThanOrEqual(500);

  const cluster = await startCluster({ dataDir });
  const again = new TestClient(cluster.url);
  const found = new Set<string>();
  for (let after: string | null = ''; after !== null; ) {
    const page = await again.send('GET', `/groups?node=node01&after=${after}`);
    const body = JSON.parse(page.text) as { groups: { groupId: string }[]; next: string | null };
    for (const { groupId } of body.groups) found.add(groupId);
    after = body.next;
  }
  const logged = new Set(logLines(dataDir).map(({ groupId }) => groupId));
  expect(acknowledged.filter((id) => !found.has(id))).toEqual([]);
  expect(acknowledged.filter((id) => !logged.has(id))).toEqual([]);
});

describe('the applied log', () => {
  test('goes on counting after a restart and after a torn line', async () => {
    const dataDir = tempFolder();
    const first = await startCluster({ dataDir });
    await new TestClient(first.url).create('1');
    await new TestClient(first.url).create('2');
    await first.close();
    appendFileSync(join(dataDir, 'applied.log'), '{"seq":99,"at":17');
    const second = await startCluster({ dataDir });
    await new TestClient(second.url).create('3');
    expect(second.log().map(({ seq }) => seq)).toEqual([3]);
    expect(logLines(dataDir).map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  test('is set aside at its limit, one generation is kept', async () => {
    const dataDir = tempFolder();
    const cluster = await startCluster({ dataDir, maxLogBytes: 4_096 });
    const client = new TestClient(cluster.url);
    for (let id = 0; id < 100; id += 1) await client.create(String(id));
    const size = (name: string): number => readFileSync(join(dataDir, name)).length;
    expect(size('applied.log')).toBeLessThan(4_096 + 1_000);
    expect(size('applied.log.1')).toBeLessThan(4_096 + 1_000);
    expect(logLines(dataDir).at(-1)?.seq).toBe(100);
    expect(cluster.log()).toHaveLength(100);
  });
});

test('a data folder that is in use is refused by name, without harm to its user', async () => {
  const dataDir = tempFolder();
  const cluster = await startCluster({ dataDir });
  await expect(startClusterSim({ port: 0, dataDir })).rejects.toMatchObject({
    code: 'DATA_IN_USE',
    retryable: true,
    message: expect.stringContaining(join(dataDir, 'node01.db')),
  });
  expect((await new TestClient(cluster.url).create('5')).status).toBe(201);
});

test('a file that is no database is refused by name, and left as it is', async () => {
  const dataDir = tempFolder();
  const file = join(dataDir, 'node02.db');
  writeFileSync(file, 'no database'.repeat(1_000));
  await expect(startClusterSim({ port: 0, dataDir })).rejects.toMatchObject({
    code: 'DATA_INVALID',
    message: expect.stringContaining(file),
  });
  expect(readFileSync(file, 'utf8')).toContain('no database');
});
