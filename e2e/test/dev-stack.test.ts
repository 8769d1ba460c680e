import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { buildIfStale } from '../src/built.js';
import { DevStack } from '../src/dev-stack.js';
import { isAlive, leavesNothingBehind, tempFolder } from '../src/resources.js';

leavesNothingBehind();
beforeAll(buildIfStale, 240_000);

/** Ms between two looks at what sends no event. */
const LOOK_EVERY_MS = 50;

async function until(fits: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await fits())) await sleep(LOOK_EVERY_MS);
}

test('one command starts the stack, what is wanted comes to be, and SIGTERM ends all of it', async () => {
  const stack = await DevStack.start(join(tempFolder(), 'data'));
  expect(stack.pids).toHaveLength(5);
  for (const text of ['admin token', 'Try next', 'job switch', `kill -9 ${stack.leaderPid}`])
    expect(stack.banner).toContain(text);

  const second = DevStack.launch({
    ...stack.env,
    CLUSTER_PORT: '0',
    ENGINE_PORT: '0',
    ENGINE_ADMIN_PORT: '0',
  });
  expect(await stack.job('want', '1001', '1002', '1003')).toMatchObject({ code: 0 });
  await until(async () => {
    const { code, stdout } = await stack.job('status', '--json');
    return code === 0 && JSON.parse(stdout).term.wanted === 9;
  });
  expect(await stack.counts()).toEqual([true, { node01: 9, node02: 9, node03: 9 }]);

  const refused = await second.ended;
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain(`a stack runs in ${stack.dataDir} already (pid ${stack.app.pid}, since `);

  // A worker that dies comes back, whoever leads.
  process.kill(stack.leaderPid, 'SIGKILL');
  await stack.app.says(({ stdout }) => /was ended by SIGKILL; it is started again/.test(stdout));
  await stack.app.says(({ stdout }) => /runs again \(pid \d+\)/.test(stdout));
  expect(stack.pids).toHaveLength(5);

  const pids = stack.pids;
  expect(await stack.app.end('SIGTERM')).toMatchObject({ code: 0, signal: null, stderr: '' });
  expect(pids.filter(isAlive)).toEqual([]);
  expect(existsSync(join(stack.dataDir, 'dev.json'))).toBe(false);
});

test('the programs end with a launcher that is killed, and the next start goes on where that was', async () => {
  const dataDir = join(tempFolder(), 'data');
  const first = await DevStack.start(dataDir);
  const pids = first.pids;
  await first.app.end('SIGKILL');
  // On the same ports, while the programs of the first are still about to end.
  const second = await DevStack.start(dataDir, { ports: first.ports });
  expect(second.banner).toContain(`:${first.ports.CLUSTER_PORT}/v1`);
  await until(() => !pids.some(isAlive));
  process.kill(second.clusterPid, 'SIGKILL');
  const ended = await second.app.ended;
  expect(ended).toMatchObject({ code: 1, stderr: 'dev: cluster-sim was ended by SIGKILL\n' });
  expect(second.pids.filter(isAlive)).toEqual([]);
});

test('a taken port is named with what changes it', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await until(() => server.listening);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const env = { HOLDFAST_DATA: join(tempFolder(), 'data'), CLUSTER_PORT: '0', ENGINE_PORT: String(port) };
  const { code, stderr } = await DevStack.launch(env).ended;
  expect(code).toBe(1);
  expect(stderr).toContain(`port ${port} on 127.0.0.1, for engine-mock, is taken by another process`);
  expect(stderr).toContain('choose another with ENGINE_PORT');
});

test('--fresh empties what the stack made, and nothing else', async () => {
  const dataDir = tempFolder();
  const foreign = join(dataDir, 'thesis.txt');
  writeFileSync(foreign, 'years of work');
  const env = { HOLDFAST_DATA: dataDir, CLUSTER_PORT: '0', ENGINE_PORT: '0', ENGINE_ADMIN_PORT: 'x' };
  expect(await DevStack.launch(env, '--fresh').ended).toMatchObject({ code: 2 });
  const { code, stderr } = await DevStack.launch({ ...env, ENGINE_ADMIN_PORT: '0' }, '--fresh').ended;
  expect(code).toBe(1);
  expect(stderr).toContain(
    `--fresh deletes nothing, since ${dataDir} has what the stack did not make: thesis.txt`,
  );
  expect(readFileSync(foreign, 'utf8')).toBe('years of work');
});

test('the help and a wrong flag', async () => {
  const help = await DevStack.launch({}, '--help').ended;
  expect(help).toMatchObject({ code: 0, stderr: '' });
  for (const text of ['--fresh', 'COORDINATION_URL', 'ENGINE_ADMIN_PORT'])
    expect(help.stdout).toContain(text);
  expect(await DevStack.launch({}, '--frsh').ended).toMatchObject({ code: 2 });
});
