import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { readConfigFile } from '../src/cli/config-file.js';
import { createProgram } from '../src/cli/program.js';
import { AppProcess } from './support/app-process.js';
import { expectLost, TestClient } from './support/client.js';
import { ADMIN_TOKEN, startCluster, tempFolder } from './support/cluster.js';

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
  test('ends the app in good order, with a request that hangs', async () => {
    const dataDir = tempFolder();
    const app = new AppProcess([
      '--port',
      '0',
      '--data',
      dataDir,
      '--faults',
      '{"verbs": {"GET": {"hang": 1}}}',
    ]);
    const client = new TestClient(await app.url());
    await client.create('5');
    const lost = expectLost(client.get('5'));
    await vi.waitFor(async () => {
      expect((await client.send('GET', '/metrics')).text).toContain('fault="hang"} 1');
    });
    expect(await app.kill(signal)).toMatchObject({ code: 0, signal: null });
    await lost;
    const again = await startCluster({ dataDir });
    expect((await new TestClient(again.url).get('5')).status).toBe(200);
  });
});

test('the banner shows where everything is and what to try next', async () => {
  const app = new AppProcess(['--welcome', '--data', tempFolder(), '--seed', 'abc'], {
    CLUSTER_PORT: '0',
    RANDOM_BEHAVIOR: '0.35',
    CLUSTER_EXTENSIONS: 'list,timestamp',
    NO_COLOR: '1',
  });
  const banner = await app.output('Try next');
  const { code, stdout, stderr } = await app.kill('SIGTERM');
  expect(code).toBe(0);
  expect(stderr).toBe('');
  expect(banner).toContain('Holdfast cluster');
  for (const line of [
    /node01 {2,}http:\/\/127\.0\.0\.1:\d+\/v1\n/,
    /docs {2,}http:\/\/127\.0\.0\.1:\d+\/docs\n/,
    /metrics {2,}http:\/\/127\.0\.0\.1:\d+\/metrics\n/,
    /admin token {2,}[\w-]{32}\n/,
    /extensions {2,}timestamp, list\n/,
    /fault rate {2,}0\.35 {3}seed abc\n/,
    / {2}pnpm job create\n {2}pnpm job stats\n {2}pnpm job delete\n {2}curl -i http.*\n {2}curl -X PUT http.*admin\/faults/,
  ]) {
    expect(stdout).toMatch(line);
  }
});

test('a token that is set is used and never shown', async () => {
  const app = new AppProcess(['--welcome', '--port', '0', '--data', tempFolder(), '--log-level', 'debug'], {
    HOLDFAST_ADMIN_TOKEN: ADMIN_TOKEN,
    NO_COLOR: '1',
  });
  const banner = await app.output('Try next');
  const client = new TestClient(/docs {2,}(\S+)\/docs/.exec(banner)?.[1] ?? '');
  expect((await client.admin('PUT', 'faults', { hang: 0 })).status).toBe(200);
  const { stdout, stderr } = await app.kill('SIGTERM');
  expect(stdout + stderr).not.toContain(ADMIN_TOKEN);
  expect(stdout).toContain('Bearer $HOLDFAST_ADMIN_TOKEN');
});

test('a taken port is named with the remedy', async () => {
  const cluster = await startCluster();
  const { port } = new URL(cluster.url);
  const app = new AppProcess(['--port', port, '--data', tempFolder()]);
  const { code, stdout, stderr } = await app.ended;
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toBe(
    `cluster-sim: port ${port} on 127.0.0.1 for the nodes is taken by another process; stop it, or choose another port with --port or CLUSTER_PORT (0 takes a free one)\n`,
  );
});

test('a config file sets everything, the environment wins over it, a flag over both', async () => {
  const folder = tempFolder();
  const config = join(folder, 'cluster.json');
  writeFileSync(
    config,
    JSON.stringify({
      nodes: ['a', 'b'],
      port: 1,
      dataDir: join(folder, 'data'),
      extensions: ['list'],
      faults: { errorBefore: 1, nodes: { b: { errorBefore: 0 } } },
      adminToken: ADMIN_TOKEN,
      maxIdBytes: 3,
    }),
  );
  const app = new AppProcess(['--config', config, '--port', '0'], {
    CLUSTER_PORT: '2',
    RANDOM_BEHAVIOR: '0',
  });
  const client = new TestClient(await app.url());
  expect(JSON.parse((await client.send('GET', '/healthz')).text)).toMatchObject({
    nodes: { a: 'up' },
    extensions: ['list'],
  });
  expect(JSON.parse((await client.admin('GET', 'faults')).text)).toMatchObject({
    errorBefore: 0,
    nodes: { b: {} },
  });
  expect((await client.create('1234', { node: 'a' })).status).toBe(400);
  expect((await app.kill('SIGTERM')).stdout).not.toContain(ADMIN_TOKEN);
});

test('wrong usage ends with code 2', async () => {
  const processes = [['--random-behavior', '1.5'], ['--unknown']].map(
    (flags) => new AppProcess(['--data', tempFolder(), ...flags]),
  );
  const [value, flag] = await Promise.all(processes.map((app) => app.ended));
  expect(value).toMatchObject({
    code: 2,
    stderr: 'cluster-sim: faults.errorBefore is 1.5; it must be a number from 0 to 1\n',
  });
  expect(flag).toMatchObject({ code: 2, stderr: "error: unknown option '--unknown'\n" });
});

test('a config file is checked strictly', () => {
  const file = join(tempFolder(), 'cluster.json');
  for (const [text, message] of [
    ['[]', 'must hold a JSON object'],
    ['{"ports": 1}', "'ports' is not known; use nodes, host, port"],
    ['{"port": "8080"}', 'port must be a number'],
    ['{"nodes": ["a", 1]}', 'nodes must be a list of strings'],
    ['{', 'cannot be read as JSON'],
  ] as const) {
    writeFileSync(file, text);
    expect(() => readConfigFile(file)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(message) }),
    );
  }
});

test('--help explains flags, variables and exit codes', () => {
  let help = '';
  const program = createProgram(() => Promise.resolve()).configureOutput({
    writeOut: (text) => {
      help += text;
    },
  });
  program.outputHelp();
  for (const word of [
    'CLUSTER_PORT',
    'CLUSTER_DATA',
    'CLUSTER_EXTENSIONS',
    'RANDOM_BEHAVIOR',
    'HOLDFAST_ADMIN_TOKEN',
  ]) {
    expect(help).toContain(word);
  }
  expect(help).toContain('Exit codes');
});
