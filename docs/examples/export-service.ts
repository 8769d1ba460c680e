import {
  type ClientHttp2Session,
  connect,
  constants,
  createServer,
  type IncomingHttpHeaders,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type handleServerStreamingCall,
  type handleUnaryCall,
  type MethodDefinition,
  Server,
  ServerCredentials,
  status,
} from '@grpc/grpc-js';

/** Every reply names the side that is next, where there is one. */
export type Reply = { readonly next?: string | undefined };
export type Login = Reply & { readonly token: string };
export type Job = Reply & { readonly jobId: string };
export type Page = Reply & { readonly page: number };
export type InSession = { readonly token?: string };
export type StartJob = InSession & { readonly title: string };
export type OfJob = InSession & { readonly jobId: string };

function method<Req, Res>(name: string, responseStream = false): MethodDefinition<Req, Res> {
  const write = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
  const path = `/documents.Exports/${name}`;
  const to = { requestSerialize: write, requestDeserialize: (bytes: Buffer): Req => JSON.parse(`${bytes}`) };
  const from = {
    responseSerialize: write,
    responseDeserialize: (bytes: Buffer): Res => JSON.parse(`${bytes}`),
  };
  return { path, requestStream: false, responseStream, ...to, ...from };
}

/** A service that exports documents: somebody logs in, starts a job, and downloads its pages. */
export const exportService = {
  login: method<{ user: string }, Login>('Login'),
  startJob: method<StartJob, Job>('StartJob'),
  download: method<OfJob, Page>('Download', true),
  closeJob: method<OfJob, Reply>('CloseJob'),
};

export const PAGES = 10;
type Side = 'blue' | 'green';

/** One side: its sessions and jobs are its own, and end with it. */
async function startSide(nextSide: () => string | undefined) {
  const tokens = new Set<string>();
  const jobs = new Map<string, string>();
  const counts = { logins: 0, started: [] as string[] };
  const reply = (): Reply => ({ next: nextSide() });
  const check = ({ token, jobId }: InSession & { jobId?: string }) => {
    if (!tokens.has(token ?? '')) return { code: status.UNAUTHENTICATED, details: 'unknown token' };
    if (jobId && !jobs.has(jobId)) return { code: status.NOT_FOUND, details: `no job ${jobId} here` };
    return null;
  };
  const login: handleUnaryCall<{ user: string }, Login> = ({ request }, done) => {
    const token = `${request.user}-${++counts.logins}`;
    tokens.add(token);
    done(null, { ...reply(), token });
  };
  const startJob: handleUnaryCall<StartJob, Job> = ({ request }, done) => {
    const error = check(request);
    if (error) return done(error);
    const jobId = crypto.randomUUID();
    jobs.set(jobId, request.title);
    counts.started.push(request.title);
    done(null, { ...reply(), jobId });
  };
  const download: handleServerStreamingCall<OfJob, Page> = (call) => {
    const error = check(call.request);
    if (error) return void call.emit('error', error);
    for (let page = 1; page <= PAGES; page++) call.write({ ...reply(), page });
    call.end();
  };
  const closeJob: handleUnaryCall<OfJob, Reply> = ({ request }, done) => {
    const error = check(request);
    if (!error) jobs.delete(request.jobId);
    done(error, reply());
  };
  const server = new Server();
  server.addService(exportService, { login, startJob, download, closeJob });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  const end = (): void => {
    tokens.clear();
    jobs.clear();
  };
  return { port, jobs, counts, end, stop: (): void => server.forceShutdown() };
}

/** Both sides behind a router, which knows calls by their path and by the metadata entry `side`. */
export async function startExportService() {
  let active: Side = 'blue';
  let leaving: Side | null = null;
  const nextFrom = (side: Side) => () => (side === leaving ? active : undefined);
  const sides = { blue: await startSide(nextFrom('blue')), green: await startSide(nextFrom('green')) };
  const backends = new Map<Side, ClientHttp2Session>();
  const backendOf = (side: Side): ClientHttp2Session => {
    const backend = backends.get(side) ?? connect(`http://127.0.0.1:${sides[side].port}`);
    backends.set(side, backend);
    return backend;
  };
  const isServed = (side: unknown, path = ''): side is Side =>
    side === active || (side === leaving && /Download|CloseJob/.test(path));
  const router = createServer().on('stream', (stream, headers) => {
    const side = headers['side'];
    if (!isServed(side, headers[':path'])) {
      const grpc = { 'content-type': 'application/grpc', 'grpc-status': status.FAILED_PRECONDITION };
      return stream.respond({ ':status': 200, ...grpc, 'grpc-message': 'wrong side' }, { endStream: true });
    }
    const request = backendOf(side).request(headers);
    const trailers: IncomingHttpHeaders = {};
    request
      .on('response', (answer, flags) => {
        const endStream = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
        stream.respond(answer, { endStream, waitForTrailers: !endStream });
      })
      .on('trailers', (sent) => Object.assign(trailers, sent))
      .pipe(stream.on('wantTrailers', () => stream.sendTrailers(trailers)))
      .pipe(request);
  });
  await new Promise<void>((resolve) => router.listen(0, '127.0.0.1', resolve));
  return {
    sides,
    address: `127.0.0.1:${(router.address() as AddressInfo).port}`,
    /** The other side takes everything that begins; this one ends when its jobs have. */
    async switchSides(): Promise<void> {
      leaving = active;
      active = active === 'blue' ? 'green' : 'blue';
      while (sides[leaving].jobs.size > 0) await sleep(1);
      sides[leaving].end();
      leaving = null;
    },
    async stop(): Promise<void> {
      for (const backend of backends.values()) backend.destroy();
      for (const side of Object.values(sides)) side.stop();
      await new Promise<void>((resolve) => router.close(() => resolve()));
    },
  };
}
