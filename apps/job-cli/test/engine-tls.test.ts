import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { authority } from '../../../packages/strategy-client/test/connection/certificates.js';
import { type Stack, startStack } from './support/stack.js';

const ours = authority('ours');
const router = ours.issue('router');
const me = ours.issue('me');

/** A stack whose engine speaks TLS and asks for certificates, with the PEM files in its folder. */
async function stackWithTls(): Promise<Stack> {
  const tls = { cert: router.cert, key: router.key, clientCa: ours.cert };
  const stack = await startStack({ engine: { tls } });
  const files = {
    'ca.pem': ours.cert,
    'me.pem': me.cert,
    'me.key': me.key,
    'theirs.pem': authority('x').cert,
  };
  for (const [name, bytes] of Object.entries(files)) await writeFile(path.join(stack.folder, name), bytes);
  return stack;
}

const SELECT = ['query', 'SELECT 1 AS one', '--json'];

describe('TLS to the engine', () => {
  it('by flags or environment, with an own certificate where the router asks for one; a worker too', async () => {
    const stack = await stackWithTls();
    const flags = ['--engine-ca', 'ca.pem', '--engine-cert', 'me.pem', '--engine-key', 'me.key'];
    expect(await stack.job(...SELECT, ...flags)).toMatchObject({ exitCode: 0, stdout: '{"one":"1"}\n' });
    const tls = {
      HOLDFAST_ENGINE_CA: 'ca.pem',
      HOLDFAST_ENGINE_CERT: path.join(stack.folder, 'me.pem'),
      HOLDFAST_ENGINE_KEY: 'me.key',
    };
    const env = { ...stack.env, ...tls };
    expect(await stack.jobWith({ env }, ...SELECT)).toMatchObject({ exitCode: 0 });
    stack.work(tls);
    expect(await stack.jobWith({ env }, 'want', '7')).toMatchObject({ exitCode: 0 });
    await stack.until(({ converged, term }) => converged && term?.['wanted'] === 7);
  });

  it('tells what is wrong by the name of the setting and the file, and exits 2', async () => {
    const stack = await stackWithTls();
    const refused = async (...flags: readonly string[]): Promise<string> => {
      const { exitCode, stdout, stderr } = await stack.job(...SELECT, ...flags);
      expect([exitCode, stdout]).toEqual([2, expect.stringContaining('"type":"error"')]);
      return stdout + stderr;
    };
    const file = (name: string): string => path.join(stack.folder, name);
    expect(await refused('--engine-ca', 'no.pem')).toContain(
      `--engine-ca: ${file('no.pem')} cannot be read: ENOENT`,
    );
    expect(await refused('--engine-ca', '.')).toContain(`--engine-ca: ${stack.folder} is no file`);
    expect(await refused('--engine-cert', 'me.pem')).toContain(
      "the engine's client certificate is named alone",
    );
    expect(await refused('--engine-ca', 'me.key')).toContain(`(${file('me.key')}) holds no certificate`);
    const env = { ...stack.env, HOLDFAST_ENGINE_KEY: 'gone.key', HOLDFAST_ENGINE_CERT: 'me.pem' };
    const { stderr } = await stack.jobWith({ env }, 'query', 'SELECT 1');
    expect(stderr).toContain(`HOLDFAST_ENGINE_KEY: ${file('gone.key')} cannot be read: ENOENT`);
    expect(
      (await stack.jobWith({ env: { ...stack.env, HOLDFAST_ENGINE_TLS: 'yes' } }, ...SELECT)).exitCode,
    ).toBe(2);
  });
});
