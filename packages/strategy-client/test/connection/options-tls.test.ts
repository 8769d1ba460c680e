import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, makeGenericClientConstructor, Server, ServerCredentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { channelOptions } from '../../src/connection/channel-options.js';
import { resolveConnectOptions } from '../../src/connection/options.js';
import { channelCredentials } from '../../src/connection/tls.js';
import { refusal } from '../parameters/refusal.js';
import { authority } from './certificates.js';

const ours = authority('ours');
const theirs = authority('theirs');
const router = ours.issue('router');
const me = ours.issue('me');
const stranger = theirs.issue('stranger');

const identity = (bytes: Buffer): Buffer => bytes;
const SERVICE = {
  echo: {
    path: '/Echo/echo',
    requestStream: false,
    responseStream: false,
    requestSerialize: identity,
    requestDeserialize: identity,
    responseSerialize: identity,
    responseDeserialize: identity,
  },
};

interface TlsOptions {
  readonly host?: string;
  readonly sslCert?: string | Uint8Array;
  readonly sslClientCert?: string | Uint8Array;
  readonly sslKey?: string | Uint8Array;
}

const resolved = (port: number, o: TlsOptions) =>
  resolveConnectOptions({ host: 'localhost', port, username: 'u', password: 'p', secure: true, ...o });

const Echo = makeGenericClientConstructor(SERVICE, 'Echo');

/** What one call over a fresh channel answers. */
async function call(port: number, given: TlsOptions): Promise<string> {
  const o = resolved(port, given);
  const client: Client = new Echo(o.target, channelCredentials(o), channelOptions(o));
  try {
    return await new Promise((resolve, reject) => {
      client.makeUnaryRequest('/Echo/echo', identity, identity, Buffer.from('hello'), (error, answer) =>
        error ? reject(error) : resolve(String(answer)),
      );
    });
  } finally {
    client.close();
  }
}

function serve(asksForCertificates: boolean): Promise<{ server: Server; port: number }> {
  const server = new Server();
  server.addService(SERVICE, {
    echo: ({ request }: { request: Buffer }, answer: (error: null, value: Buffer) => void) =>
      answer(null, request),
  });
  const own = { private_key: router.key, cert_chain: router.cert };
  const credentials = ServerCredentials.createSsl(ours.cert, [own], asksForCertificates);
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials, (error, port) =>
      error ? reject(error) : resolve({ server, port }),
    );
  });
}

let open: { server: Server; port: number };
let closed: { server: Server; port: number };
let folder: string;
const file = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-tls-'));
  const files = {
    'ca.pem': ours.cert,
    'me.pem': me.cert,
    'me.key': me.key,
    'none.pem': Buffer.from('nothing'),
  };
  for (const [name, bytes] of Object.entries(files)) await writeFile(file(name), bytes);
  open = await serve(false);
  closed = await serve(true);
});

afterAll(async () => {
  open.server.forceShutdown();
  closed.server.forceShutdown();
  await rm(folder, { recursive: true });
});

describe('against a real server', () => {
  it('trusts an authority given as bytes or as a path', async () => {
    expect(await call(open.port, { sslCert: ours.cert })).toBe('hello');
    expect(await call(open.port, { sslCert: Uint8Array.from(ours.cert) })).toBe('hello');
    expect(await call(open.port, { sslCert: file('ca.pem') })).toBe('hello');
    expect(await call(open.port, { sslCert: ours.cert, host: '127.0.0.1' })).toBe('hello');
  });

  it('trusts a bundle that has the authority somewhere', async () => {
    expect(await call(open.port, { sslCert: Buffer.concat([theirs.cert, ours.cert]) })).toBe('hello');
  });

  it('trusts no other authority, and not one of its own without being told', async () => {
    await expect(call(open.port, { sslCert: theirs.cert })).rejects.toThrow(/certificate/);
    await expect(call(open.port, {})).rejects.toThrow(/certificate/);
  });

  it('shows its own certificate where the server asks for one', async () => {
    const certificate = { sslClientCert: me.cert, sslKey: me.key };
    expect(await call(closed.port, { sslCert: ours.cert, ...certificate })).toBe('hello');
    const paths = { sslClientCert: file('me.pem'), sslKey: file('me.key') };
    expect(await call(closed.port, { sslCert: file('ca.pem'), ...paths })).toBe('hello');
  });

  it('is refused without one, or with a stranger of another authority', async () => {
    await expect(call(closed.port, { sslCert: ours.cert })).rejects.toThrow(/UNAVAILABLE/);
    const certificate = { sslClientCert: stranger.cert, sslKey: stranger.key };
    await expect(call(closed.port, { sslCert: ours.cert, ...certificate })).rejects.toThrow(/UNAVAILABLE/);
  });
});

describe('bad files', () => {
  const refuse = (o: TlsOptions): string => refusal(() => channelCredentials(resolved(1, o)));

  it('names a path that cannot be read, and what to do', () => {
    expect(refuse({ sslCert: '/no/such.pem' })).toBe(
      'sslCert (/no/such.pem) cannot be read; give the path of a PEM file that this process may read',
    );
    expect(refuse({ sslCert: folder })).toContain('is no file of at most');
  });

  it('names a file without a certificate or key', () => {
    expect(refuse({ sslCert: file('none.pem') })).toContain('none.pem) holds no certificate in PEM form');
    expect(refuse({ sslCert: file('me.key') })).toContain('holds no certificate');
    expect(refuse({ sslClientCert: me.cert, sslKey: file('none.pem') })).toContain('holds no private key');
    expect(refuse({ sslCert: Buffer.alloc(5_000_000) })).toContain('at most 4194304');
  });

  it('finds a damaged certificate and a key of another one', () => {
    const damaged = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';
    expect(refuse({ sslCert: Buffer.from(damaged) })).toContain('holds a damaged certificate');
    expect(refuse({ sslClientCert: me.cert, sslKey: stranger.key })).toContain(
      'is not the key of sslClientCert',
    );
  });

  it('never shows PEM text that was given for a path', () => {
    const message = refuse({ sslClientCert: me.cert, sslKey: me.key.toString() });
    expect(message).toBe('sslKey is PEM text where a path belongs; give its bytes: Buffer.from(text)');
  });
});
