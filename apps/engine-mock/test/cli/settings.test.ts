import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createProgram } from '../../src/cli/program.js';
import { type Flags, readSettings } from '../../src/cli/settings.js';
import { resolveEngineMockOptions } from '../../src/options.js';

/** The flags as the command line gives them. */
async function parse(...args: readonly string[]): Promise<Flags> {
  const parsed: Flags[] = [];
  const program = createProgram(async (flags) => {
    parsed.push(flags);
  });
  await program.parseAsync(args, { from: 'user' });
  return parsed[0] ?? {};
}

test('every flag reaches its option', async () => {
  const flags = await parse(
    ...['--port', '1', '--admin-port', '2', '--host', '::1', '--data', 'd', '--user', 'u', '--password', 'p'],
    ...['--refusal', 'access-denied', '--cluster-name', 'c', '--active', 'green', '--switch-every', '120s'],
    ...['--announce', '250ms', '--drain', '1.5m', '--announce-before-accept', '--lenient-sessions'],
    ...['--error-form', 'grpc', '--suspended', '--resume-delay', '7', '--resume-fails', '--seed', 's'],
    ...['--faults', '[{"kind": "hang"}]', '--batch-rows', '10', '--batch-bytes', '20', '--welcome'],
  );
  const { options, logLevel, welcome, tokenIsNew } = readSettings(flags, {
    HOLDFAST_ADMIN_TOKEN: 'a-token-as-set',
  });
  expect({ logLevel, welcome, tokenIsNew }).toEqual({ logLevel: 'warn', welcome: true, tokenIsNew: false });
  expect(resolveEngineMockOptions(options)).toMatchObject({
    port: 1,
    adminPort: 2,
    adminToken: 'a-token-as-set',
    host: '::1',
    dataDir: 'd',
    user: 'u',
    password: 'p',
    refusal: 'access-denied',
    clusterName: 'c',
    active: 'green',
    switchEveryMs: 120_000,
    announceMs: 250,
    drainMs: 90_000,
    announceBeforeAccept: true,
    lenientSessions: true,
    mismatchForm: 'grpc',
    suspended: true,
    resumeDelayMs: 7,
    resumeFails: true,
    seed: 's',
    faults: [{ kind: 'hang' }],
    batchRows: 10,
    batchBytes: 20,
  });
});

test('without flags the environment counts, and without that the defaults', () => {
  const env = {
    ENGINE_PORT: '11',
    ENGINE_ADMIN_PORT: '12',
    ENGINE_DATA: 'e',
    ENGINE_USER: 'u',
    ENGINE_PASSWORD: 'p',
  };
  expect(readSettings({}, env).options).toMatchObject({
    port: 11,
    adminPort: 12,
    dataDir: 'e',
    user: 'u',
    password: 'p',
  });
  expect(readSettings({ port: '13', data: 'f' }, env).options).toMatchObject({ port: 13, dataDir: 'f' });
  const plain = readSettings({}, { ENGINE_PORT: '', ENGINE_DATA: '' });
  expect(plain).toMatchObject({ logLevel: 'info', welcome: false, tokenIsNew: true });
  expect(resolveEngineMockOptions(plain.options)).toMatchObject({
    port: 50_051,
    adminPort: 50_052,
    host: '127.0.0.1',
  });
});

test.each([
  [{ port: 'x' }, "--port (ENGINE_PORT) is 'x'; it must be a number"],
  [{ drain: '5 min' }, "--drain is '5 min'; it must be a duration such as 250ms, 30s or 2m"],
  [{ active: 'red' }, "--active is 'red'; it must be blue or green"],
  [{ errorForm: 'tcp' }, "--error-form is 'tcp'; it must be http or grpc"],
  [{ faults: '{' }, '--faults is no JSON'],
  [{ logLevel: 'loud' }, '--log-level is loud; it must be one of trace, debug'],
  [{ tlsCert: 'x' }, 'TLS needs both --tls-cert and --tls-key'],
  [{ tlsCert: join('no', 'file'), tlsKey: 'x' }, `--tls-cert: ${join('no', 'file')} cannot be read: ENOENT`],
])('%j is refused', (flags: Flags, message) => {
  const read = () => readSettings(flags, {});
  expect(read).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(message) }),
  );
});

test('rules of faults are checked before anything is started', () => {
  expect(() => readSettings({ faults: '[{"kind": "fire"}]' }, {})).toThrow(
    expect.objectContaining({ code: 'INVALID_FAULTS' }),
  );
});

test('--help explains flags, variables, signals and exit codes', () => {
  let help = '';
  createProgram(() => Promise.resolve())
    .configureOutput({
      writeOut: (text) => {
        help += text;
      },
    })
    .outputHelp();
  for (const word of [
    'ENGINE_PORT',
    'ENGINE_ADMIN_PORT',
    'ENGINE_DATA',
    'ENGINE_PASSWORD',
    'HOLDFAST_ADMIN_TOKEN',
    'SIGUSR2',
    'Examples:',
    'Exit codes',
  ]) {
    expect(help).toContain(word);
  }
});
