import { expect, test } from 'vitest';
import { openApiDocument } from '../src/http/openapi.js';
import type { Logger } from '../src/index.js';
import { TestClient } from './support/client.js';
import { startCluster } from './support/cluster.js';

test('/metrics counts requests, faults, durations, records and nodes', async () => {
  const cluster = await startCluster();
  const client = new TestClient(cluster.url);
  await client.create('5');
  await client.create('5');
  await client.get('5', { node: 'unknown' });
  cluster.setFaults({ errorBefore: 1, nodes: { node03: { down: true } } });
  await client.get('5', { node: 'node02' });
  const answer = await client.send('GET', '/metrics');
  expect(answer.headers['content-type']).toContain('text/plain; version=0.0.4');
  for (const line of [
    'cluster_requests_total{node="node01",verb="POST",status="201"} 1',
    'cluster_requests_total{node="node01",verb="POST",status="400"} 1',
    'cluster_requests_total{node="none",verb="GET",status="406"} 1',
    'cluster_faults_total{node="node02",fault="errorBefore"} 1',
    'cluster_request_duration_seconds_count{verb="POST"} 2',
    'cluster_groups{node="node01"} 1',
    'cluster_node_up{node="node02"} 1',
    'cluster_node_up{node="node03"} 0',
  ]) {
    expect(answer.text.split('\n')).toContain(line);
  }
});

test('/healthz tells nodes and extensions', async () => {
  const client = new TestClient((await startCluster({ extensions: 'off', nodes: ['a'] })).url);
  const answer = await client.send('GET', '/healthz');
  expect(JSON.parse(answer.text)).toEqual({ status: 'ok', nodes: { a: 'up' }, extensions: [] });
});

test('the API is described, and can be browsed', async () => {
  const client = new TestClient((await startCluster()).url);
  const description = await client.send('GET', '/openapi.json');
  expect(JSON.parse(description.text)).toEqual(openApiDocument);
  const page = await client.send('GET', '/docs/');
  expect(page.headers['content-type']).toContain('text/html');
  expect(page.text).toContain('swagger-ui');
  expect(JSON.parse((await client.send('GET', '/docs/json')).text)).toMatchObject({ openapi: '3.0.3' });
  expect((await client.send('GET', '/docs/static/swagger-ui-bundle.js')).status).toBe(200);
});

test('every path and method of the description exists', async () => {
  const client = new TestClient((await startCluster()).url);
  const { paths } = openApiDocument as { paths: Record<string, Record<string, unknown>> };
  const known = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => [method.toUpperCase(), path.replace('{id}', '5')] as const),
  );
  expect(known).toHaveLength(13);
  for (const [method, path] of known) {
    const real = path.replace('{node}', 'node01').replace('{action}', 'start');
    const { text } = await client.send(method as 'GET', real, { node: 'node01', body: '{"groupId": "5"}' });
    expect(text).not.toContain('requested URL was not found');
    expect(text).not.toContain('method is not allowed');
  }
});

test('requests are logged one by one at level debug only, without secrets', async () => {
  const run = async (level: string): Promise<string[]> => {
    const lines: string[] = [];
    const line = (fields: object, message: string): void => {
      lines.push(`${message} ${JSON.stringify(fields)}`);
    };
    const logger: Logger = {
      debug: line,
      info: line,
      warn: line,
      error: line,
      isLevelEnabled: (asked) => asked === level,
    };
    const cluster = await startCluster({ logger });
    const client = new TestClient(cluster.url);
    await client.create('5');
    await client.admin('GET', 'faults');
    expect(lines.join('\n')).not.toContain(cluster.adminToken);
    return lines.filter((text) => text.startsWith('request '));
  };
  expect(await run('info')).toEqual([]);
  expect(await run('debug')).toEqual([expect.stringContaining('"verb":"POST","groupId":"5","status":201')]);
});
