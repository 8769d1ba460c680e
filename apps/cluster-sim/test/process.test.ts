import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfigFile } from '../src/cli/config-file.js';
import { createProgram } from '../src/cli/program.js';
import { AppProcess } from './support/app-process.js';
import { expectLost, TestClient } from './support/client.js';
import { ADMIN_TOKEN, startCluster, tempFolder } from './support/cluster.js';
import { eventually } from './support/eventually.js';

test('SIGTERM ends the app in good order, with a request that hangs', async () => {
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
  await eventually(async () => {
    expect((await client.send('GET', '/metrics')).text).toContain('fault="hang"} 1');
  });
  expect(await app.kill('SIGTERM')).toMatchObject({ code: 0, signal: null });
  await lost;
  const again = await startCluster({ dataDir });
  expect((await new TestClient(again.url).get('5')).status).toBe(200);
});

test('the banner shows where everything is and what to try next', async () => {
  const app = new AppProcess(['--welcome', '--data', tempFolder(), '--seed', 'abc'], {
    CLUSTER_PORT: '0',
    RANDOM_BEHAVIOR: '0.35',
    CLUSTER_EXTENSIONS: 'list,timestamp',
    NO_COLOR: '1',
  });
  const banner = await app.output('curl -X PUT');
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

test('a flag wins over the environment, that over the config file; a token that is set is never shown', async () => {
  const folder = tempFolder();
  const config = join(folder, 'cluster.json');
  const options = {
    nodes: ['a', 'b'],
    port: 1,
    dataDir: join(folder, 'data'),
    extensions: ['list'],
    faults: { errorBefore: 1, nodes: { b: { errorBefore: 0 } } },
    maxIdBytes: 3,
  };
  writeFileSync(config, JSON.stringify(options));
  const app = new AppProcess(['--config', config, '--port', '0', '--welcome', '--log-level', 'debug'], {
    CLUSTER_PORT: '2',
    RANDOM_BEHAVIOR: '0',
    HOLDFAST_ADMIN_TOKEN: ADMIN_TOKEN,
    NO_COLOR: '1',
  });
  const banner = await app.output('curl -X PUT');
  const client = new TestClient(/docs {2,}(\S+)\/docs/.exec(banner)?.[1] ?? '');
  const health = JSON.parse((await client.send('GET', '/healthz')).text);
  expect(health).toMatchObject({ nodes: { a: 'up', b: 'up' }, extensions: ['list'] });
  const faults = JSON.parse((await client.admin('GET', 'faults')).text);
  expect(faults).toEqual({ errorBefore: 0, nodes: { b: { errorBefore: 0 } } });
  expect((await client.create('1234', { node: 'a' })).status).toBe(400);
  const { code, stdout, stderr } = await app.kill('SIGINT');
  expect(code).toBe(0);
  expect(stdout + stderr).not.toContain(ADMIN_TOKEN);
  expect(stdout).toContain('Bearer $HOLDFAST_ADMIN_TOKEN');
  expect(stderr).toContain('"verb":"POST"');
});

test('wrong usage ends with code 2', async () => {
  const app = new AppProcess(['--data', tempFolder(), '--random-behavior', '1.5']);
  expect(await app.ended).toMatchObject({
    code: 2,
    stderr: 'cluster-sim: faults.errorBefore is 1.5; it must be a number from 0 to 1\n',
  });
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
