import { expect, test, vi } from 'vitest';
import { RecordingTarget } from '../admin/recording-target.js';
import { send, serve, TOKEN } from '../admin/support.js';
import { AppProcess } from './app-process.js';

test('the banner shows where all is, SIGUSR2 switches, SIGTERM ends in good order', async () => {
  const app = new AppProcess(['--welcome', '--announce', '0', '--log-level', 'info'], {
    ENGINE_PORT: '0',
    ENGINE_ADMIN_PORT: '0',
    NO_COLOR: '1',
  });
  const banner = await app.output(/curl -X PUT/);
  for (const line of [
    /Holdfast engine\n/,
    /gRPC {2,}127\.0\.0\.1:\d+\n/,
    /admin {2,}http:\/\/127\.0\.0\.1:\d+\n/,
    /admin token {2,}[\w-]{32}\n/,
    /active {2,}blue\n/,
    /Try next\n {2}curl http.*\/state\n {2}curl -X POST .*\/switch .*\n {2}kill -USR2 \d+\n/,
  ]) {
    expect(banner).toMatch(line);
  }
  const url = /admin {2,}(http\S+)/.exec(banner)?.[1] ?? '';
  const token = /admin token {2,}(\S+)/.exec(banner)?.[1] ?? '';
  app.kill('SIGUSR2');
  await vi.waitFor(async () => {
    expect((await send(url, 'GET', '/state')).body).toMatchObject({ active: 'green', phase: 'steady' });
  });
  const back = { token: `Bearer ${token}`, body: '{"announceMs": 60000}' };
  expect((await send(url, 'POST', '/switch', back)).body).toMatchObject({
    active: 'green',
    phase: 'announced',
  });
  app.kill('SIGTERM');
  const { code, stderr } = await app.ended;
  expect(code).toBe(0);
  expect(stderr).toContain('"msg":"the engine stops"');
  expect(stderr).not.toContain(token);
});

test('scripts get one line; a token that is set is never shown; SIGINT ends too', async () => {
  const app = new AppProcess(['--port', '0', '--admin-port', '0', '--log-level', 'debug'], {
    ENGINE_PORT: 'unused',
    HOLDFAST_ADMIN_TOKEN: TOKEN,
  });
  await app.output(/engine-mock listens on 127\.0\.0\.1:\d+, admin on http:\/\/127\.0\.0\.1:\d+/);
  app.kill('SIGINT');
  const { code, stdout, stderr } = await app.ended;
  expect(code).toBe(0);
  expect(stdout.trim().split('\n')).toHaveLength(1);
  expect(stdout + stderr).not.toContain(TOKEN);
});

test('a taken port is named with the remedy, and nothing stays open', async () => {
  const { port } = await serve(new RecordingTarget());
  const app = new AppProcess(['--port', '0', '--admin-port', String(port), '--log-level', 'silent']);
  expect(await app.ended).toMatchObject({
    code: 1,
    stdout: '',
    stderr: `engine-mock: port ${port} on 127.0.0.1 for the admin is taken by another process; stop it, or choose another port with --admin-port or ENGINE_ADMIN_PORT (0 takes a free one)\n`,
  });
});

test('wrong usage ends with code 2', async () => {
  const [range, unknown] = await Promise.all(
    [
      ['--port', '70000'],
      ['--colour', 'red'],
    ].map((flags) => new AppProcess(flags).ended),
  );
  expect(range).toMatchObject({
    code: 2,
    stderr: 'engine-mock: port is 70000; it must be a whole number from 0 to 65535\n',
  });
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining("unknown option '--colour'") });
});
