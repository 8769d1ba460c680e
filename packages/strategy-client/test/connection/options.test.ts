import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { channelOptions } from '../../src/connection/channel-options.js';
import { type ConnectOptions, resolveConnectOptions } from '../../src/connection/options.js';
import type { Logger } from '../../src/logger.js';
import { refusal } from '../parameters/refusal.js';

const REQUIRED = { host: 'engine.example', port: 80, username: 'me@example.org', password: 's3cret' };
const resolve = (o: object = {}) => resolveConnectOptions({ ...REQUIRED, ...o } satisfies ConnectOptions);
const refuse = (o: object): string => refusal(() => resolve(o));

/** A logger that keeps what it was told. */
function listener(): { logger: Logger; lines: { level: string; fields: object; message: string }[] } {
  const lines: { level: string; fields: object; message: string }[] = [];
  const at = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, fields, message });
  return { lines, logger: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } };
}

describe('defaults', () => {
  it('fills all of them', () => {
    expect(resolve()).toMatchObject({
      host: 'engine.example',
      port: 80,
      target: 'engine.example:80',
      username: 'me@example.org',
      password: 's3cret',
      catalog: '',
      database: '',
      clusterName: '',
      secure: false,
      autoResume: true,
      autoResumeTimeoutMs: 300_000,
      resumePollMs: 5_000,
      grpcOptions: {},
      debug: false,
      statementTimeoutMs: 600_000,
      prepareTimeoutMs: 600_000,
      controlTimeoutMs: 30_000,
      maxRetryAttempts: 5,
      retryBaseMs: 200,
      retryMaxMs: 2_000,
      strategyCacheTimeoutMs: 300_000,
      maxMessageBytes: 314_572_800,
      int64: 'bigint',
      escapes: 'backslash',
      autoClear: true,
    });
  });

  it('is frozen, also its grpcOptions', () => {
    expect(Object.isFrozen(resolve())).toBe(true);
    expect(Object.isFrozen(resolve().grpcOptions)).toBe(true);
  });

  it('reads no environment variable', () => {
    process.env['E6DATA_CATALOG'] = 'elsewhere';
    try {
      expect(resolve().catalog).toBe('');
    } finally {
      delete process.env['E6DATA_CATALOG'];
    }
  });

  it('lowers the case of the cluster, as the header needs it', () => {
    expect(resolve({ clusterName: 'My-Cluster' }).clusterName).toBe('my-cluster');
  });

  it.each([
    ['::1', '[::1]:80'],
    ['[::1]', '[::1]:80'],
    ['10.0.0.1', '10.0.0.1:80'],
  ])('the target of %s is %s', (host, target) => {
    expect(resolve({ host }).target).toBe(target);
  });
});

describe('the messages of the origin', () => {
  it.each([
    { username: '' },
    { password: '' },
    { username: undefined },
    { password: null },
    { username: '', host: '' },
  ])('%j', (o) => {
    expect(refuse(o)).toBe('username or password cannot be empty.');
  });

  it.each([{ host: '' }, { host: undefined }, { port: 0 }, { port: undefined }, { port: null }])(
    '%j',
    (o) => {
      expect(refuse(o)).toBe('host or port cannot be empty.');
    },
  );
});

describe('limits', () => {
  it.each([
    [{ port: 65_536 }, 'port is 65536; give a number from 1 to 65535'],
    [{ port: '80' }, 'port is 80; give a whole number'],
    [{ host: 'https://engine' }, 'without scheme, port, path or credentials'],
    [{ host: 'engine:80' }, 'without scheme, port'],
    [{ host: 'x'.repeat(254) }, 'up to 253 characters'],
    [{ clusterName: 'a b' }, 'clusterName has 3 characters'],
    [{ clusterName: 'ü' }, 'printable ASCII'],
    [{ catalog: 7 }, 'catalog is number; give a text'],
    [{ secure: 'false' }, 'secure is string; give true or false'],
    [{ autoClear: 1 }, 'autoClear is number'],
    [{ int64: 'long' }, 'int64 is "long"; give one of bigint, string, number'],
    [{ escapes: 'double' }, 'give one of backslash, standard'],
    [{ statementTimeoutMs: 0 }, 'statementTimeoutMs is 0; give a number from 1 to 86400000'],
    [{ controlTimeoutMs: Number.NaN }, 'controlTimeoutMs is NaN'],
    [{ autoResumeTimeoutMs: -1 }, 'autoResumeTimeoutMs is -1'],
    [{ resumePollMs: Number.POSITIVE_INFINITY }, 'resumePollMs is Infinity'],
    [{ maxRetryAttempts: 1.5 }, 'maxRetryAttempts is 1.5; give a whole number from 1 to 100'],
    [{ retryBaseMs: 500, retryMaxMs: 400 }, 'retryMaxMs is 400; give a number from 500'],
    [{ maxMessageBytes: 2 ** 31 }, 'maxMessageBytes is 2147483648; give a number from 1024'],
    [{ strategyCacheTimeoutMs: Number.NaN }, 'strategyCacheTimeoutMs is NaN'],
    [{ sslCert: 'ca.pem' }, 'pass secure: true'],
    [{ secure: true, sslKey: 'key.pem' }, 'only one is given'],
    [{ grpcOptions: { keepalive_time_ms: null } }, 'grpcOptions.keepalive_time_ms is object'],
    [{ grpcOptions: { grpc_prepare_timeout: 0 } }, 'grpcOptions.grpc_prepare_timeout is 0'],
    [
      { grpcOptions: { service_config: '{"methodConfig":[{"retryPolicy":{}}]}' } },
      'may execute a statement twice',
    ],
  ])('refuses %j', (o, why) => {
    expect(refuse(o)).toContain(why);
  });

  it('lets a longer first pause lengthen the longest', () => {
    expect(resolve({ retryBaseMs: 5_000 }).retryMaxMs).toBe(5_000);
  });

  it.each([
    [1_000, 60_000],
    [90_000, 90_000],
    [7_200_000, 1_800_000],
  ])('brings strategyCacheTimeoutMs %d to %d and says so', (asked, taken) => {
    const { logger, lines } = listener();
    expect(resolve({ strategyCacheTimeoutMs: asked, logger }).strategyCacheTimeoutMs).toBe(taken);
    expect(lines.map(({ level }) => level)).toEqual(asked === taken ? [] : ['warn']);
  });
});

describe('credentials', () => {
  it('stay out of whatever prints the options', () => {
    const resolved = resolve({ secure: true, sslClientCert: 'c.pem', sslKey: Buffer.from('hidden-key') });
    expect(resolved.password).toBe('s3cret');
    expect(resolved.sslKey).toBeDefined();
    for (const printed of [JSON.stringify(resolved), inspect(resolved)])
      expect(printed).not.toMatch(/s3cret|hidden/);
  });

  it('stay out of errors', () => {
    for (const o of [{ password: ['s3cret'] }, { host: 'https://me:s3cret@engine' }, { port: -1 }])
      expect(refuse(o)).not.toContain('s3cret');
  });
});

describe('grpcOptions', () => {
  it('have names with and without prefix, and win over the defaults', () => {
    const resolved = resolve({
      maxMessageBytes: 4_096,
      grpcOptions: {
        keepalive_time_ms: 30_000,
        'grpc.keepalive_permit_without_calls': true,
        max_send_message_length: -1,
        'grpc-node.flow_control_window': 1_048_576,
      },
    });
    expect(channelOptions(resolved)).toMatchObject({
      'grpc.keepalive_time_ms': 30_000,
      'grpc.keepalive_permit_without_calls': 1,
      'grpc.max_receive_message_length': 4_096,
      'grpc.max_send_message_length': -1,
      'grpc-node.flow_control_window': 1_048_576,
    });
  });

  it('of the origin that are no channel options give deadlines, in seconds', () => {
    const grpcOptions = { 'grpc.grpc_prepare_timeout': 20, grpc_auto_resume_timeout_seconds: 60 };
    const resolved = resolve({ grpcOptions });
    expect(resolved).toMatchObject({
      prepareTimeoutMs: 20_000,
      autoResumeTimeoutMs: 60_000,
      grpcOptions: {},
    });
    expect(resolve({ grpcOptions, autoResumeTimeoutMs: 1_000 }).autoResumeTimeoutMs).toBe(1_000);
    expect(resolve({ statementTimeoutMs: 7_000 }).prepareTimeoutMs).toBe(7_000);
  });

  it('that Node does not know are told in one line, and only with debug', () => {
    const grpcOptions = { 'http2.max_pings_without_data': 0, 'grpc.http2.min_time_between_pings_ms': 15_000 };
    const loud = listener();
    expect(resolve({ grpcOptions, debug: true, logger: loud.logger }).grpcOptions).toEqual({});
    expect(loud.lines).toEqual([
      { level: 'debug', fields: { keys: Object.keys(grpcOptions) }, message: expect.any(String) },
    ]);
    const quiet = listener();
    resolve({ grpcOptions, logger: quiet.logger });
    expect(quiet.lines).toEqual([]);
  });

  it('do not repeat calls, ping too often or wait for minutes by default', () => {
    expect(channelOptions(resolve())).toEqual({
      'grpc-node.flow_control_window': 4_194_304,
      'grpc.keepalive_time_ms': 310_000,
      'grpc.keepalive_timeout_ms': 30_000,
      'grpc.keepalive_permit_without_calls': 0,
      'grpc.max_receive_message_length': 314_572_800,
      'grpc.max_send_message_length': 314_572_800,
      'grpc.enable_retries': 1,
      'grpc.service_config_disable_resolution': 1,
      'grpc.initial_reconnect_backoff_ms': 200,
      'grpc.max_reconnect_backoff_ms': 2_000,
      'grpc.use_local_subchannel_pool': 1,
    });
  });
});

it('without debug a logger hears all but its lowest level', () => {
  const { logger, lines } = listener();
  const { logger: resolved } = resolve({ logger });
  for (const level of ['debug', 'info', 'warn', 'error'] as const) resolved[level]({}, level);
  expect(lines.map(({ level }) => level)).toEqual(['info', 'warn', 'error']);
});
