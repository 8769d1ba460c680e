import { createServer, type Http2Server, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { Client, credentials, type ServiceError, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grpcFailure } from '../../src/recovery/grpc-failure.js';

/** What grpc-js says when a proxy, the network or a limit gets in the way: real errors, not texts copied from them. */
describe('what grpc-js says', () => {
  const sessions = new Set<ServerHttp2Session>();
  let server: Http2Server;
  let port: number;
  let behave: (stream: ServerHttp2Stream) => void;

  beforeAll(async () => {
    server = createServer({ settings: { maxConcurrentStreams: 100 } });
    server.on('session', (session) => sessions.add(session.on('close', () => sessions.delete(session))));
    server.on('sessionError', () => {});
    server.on('stream', (stream) => behave(stream.on('error', () => {})));
    port = await listen(server);
  });
  afterAll(() => {
    for (const session of sessions) session.destroy();
    server.close();
  });

  const ask = (o: Parameters<typeof call>[1] = {}): Promise<ServiceError> => call(`127.0.0.1:${port}`, o);

  it.each([
    [456, 'mismatch', status.UNKNOWN],
    [503, 'unavailable-503', status.UNAVAILABLE],
    [502, 'after-send', status.UNAVAILABLE],
    [504, 'after-send', status.UNAVAILABLE],
    [429, 'after-send', status.UNAVAILABLE],
    [500, 'after-send', status.UNKNOWN],
    [401, 'refused', status.UNAUTHENTICATED],
    [403, 'refused', status.PERMISSION_DENIED],
    [404, 'answered', status.UNIMPLEMENTED],
  ])('a bare HTTP status %i is %s', async (http, kind, code) => {
    behave = (stream) => stream.respond({ ':status': http }, { endStream: true });
    const error = await ask();
    expect(error.code).toBe(code);
    expect(grpcFailure(error).kind).toBe(kind);
  });

  it.each([
    [status.UNKNOWN, 'Received http2 header with status: 456', 'mismatch'],
    [status.INVALID_ARGUMENT, 'Wrong strategy. Status: 456. Try green', 'mismatch'],
    [status.INTERNAL, 'Access denied', 'denied'],
    [status.NOT_FOUND, 'query 456', 'not-found'],
  ])('a gRPC status %i %s is %s', async (code, details, kind) => {
    behave = (stream) => respondGrpc(stream, code, details);
    expect(grpcFailure(await ask()).kind).toBe(kind);
  });

  it.each([
    [0, 'NO_ERROR'],
    [1, 'PROTOCOL_ERROR'],
    [2, 'INTERNAL_ERROR'],
    [8, 'CANCEL'],
    [11, 'ENHANCE_YOUR_CALM'],
  ])('a stream reset with code %i (%s) may have been processed', async (code) => {
    behave = (stream) => stream.close(code);
    expect(grpcFailure(await ask()).kind).toBe('after-send');
  });

  it('a stream that the server refuses was not processed', async () => {
    behave = (stream) => stream.close(7);
    expect(grpcFailure(await ask()).kind).toBe('before-send');
  });

  it('a connection that is dropped may have taken the call with it', async () => {
    behave = (stream) => stream.session?.destroy();
    expect(grpcFailure(await ask()).kind).toBe('after-send');
  });

  it('a call that took too long may have been processed', async () => {
    behave = () => {};
    const error = await ask({ deadlineMs: 50 });
    expect(error.code).toBe(status.DEADLINE_EXCEEDED);
    expect(grpcFailure(error).kind).toBe('after-send');
  });

  it('a message over the limit is too large', async () => {
    behave = (stream) => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
      stream.write(Buffer.concat([Buffer.from([0, 0, 0, 1, 0]), Buffer.alloc(256)]));
    };
    expect(grpcFailure(await ask({ maxBytes: 100 })).kind).toBe('too-large');
  });

  it('nobody listens: it did not leave this process', async () => {
    const nobody = createTcpServer();
    const free = await listen(nobody);
    await new Promise((resolve) => nobody.close(resolve));
    expect(grpcFailure(await call(`127.0.0.1:${free}`)).kind).toBe('before-send');
  });

  it('a name that cannot be resolved: it did not leave this process', async () => {
    expect(grpcFailure(await call('nowhere.invalid:1')).kind).toBe('before-send');
  });
});

function call(target: string, o: { deadlineMs?: number; maxBytes?: number } = {}): Promise<ServiceError> {
  const client = new Client(target, credentials.createInsecure(), {
    'grpc.max_receive_message_length': o.maxBytes ?? -1,
  });
  const bytes = (value: Buffer): Buffer => value;
  return new Promise<ServiceError>((resolve, reject) => {
    const deadline = new Date(Date.now() + (o.deadlineMs ?? 20_000));
    client.makeUnaryRequest('/Service/call', bytes, bytes, Buffer.alloc(0), { deadline }, (error) =>
      error === null ? reject(new Error('the call succeeded')) : resolve(error),
    );
  }).finally(() => client.close());
}

function respondGrpc(stream: ServerHttp2Stream, code: number, details: string): void {
  stream.respond(
    { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': code, 'grpc-message': details },
    { endStream: true },
  );
}

function listen(server: {
  listen(port: number, host: string, then: () => void): unknown;
  address(): unknown;
}): Promise<number> {
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  );
}
