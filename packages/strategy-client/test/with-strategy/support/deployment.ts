import {
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import type { Strategy } from '../../../src/strategy.js';
import {
  exportsService,
  type JobRequest,
  type LoginReply,
  type LoginRequest,
  type Part,
  type Reply,
  type StartReply,
  type StartRequest,
  type StatusReply,
  type WatchRequest,
} from './exports-service.js';

/** Parts of each job. */
export const PARTS = 8;

type Callback<T> = sendUnaryData<T>;

/** One side: it knows its own sessions and jobs, and those of nobody else. */
export class Deployment {
  readonly strategy: Strategy;
  readonly #server = new Server();
  readonly #world: { next(strategy: Strategy): Strategy | undefined; readonly hasSessions: boolean };
  port = 0;
  sessions = new Set<string>();
  jobs = new Map<string, string>();
  streams = 0;
  /** Parts handed to gRPC. */
  partsSent = 0;
  logins = 0;
  /** How often each name was started here, over all generations. */
  readonly starts = new Map<string, number>();
  readonly calls: { readonly method: string; readonly session: string | undefined }[] = [];
  /** Streams stay silent until it resolves. */
  silence: Promise<void> = Promise.resolve();
  #ids = 0;

  constructor(
    strategy: Strategy,
    world: { next(strategy: Strategy): Strategy | undefined; readonly hasSessions: boolean },
  ) {
    this.strategy = strategy;
    this.#world = world;
    this.#server.addService(exportsService, {
      login: (call: ServerUnaryCall<LoginRequest, LoginReply>, done: Callback<LoginReply>) => {
        this.logins++;
        if (call.request.user === 'mallory') return done({ code: status.UNAUTHENTICATED, details: 'who?' });
        const session = `${strategy}-session-${++this.#ids}`;
        this.sessions.add(session);
        done(null, { ...this.#reply(), session: call.request.user === 'nobody' ? '' : session });
      },
      StartJob: (call: ServerUnaryCall<StartRequest, StartReply>, done: Callback<StartReply>) => {
        if (!this.#knows('StartJob', call.request.session, done)) return;
        const { name } = call.request;
        if (name === '') return done({ code: status.INVALID_ARGUMENT, details: 'a job needs a name' });
        this.starts.set(name, (this.starts.get(name) ?? 0) + 1);
        const jobId = `${strategy}-job-${++this.#ids}`;
        this.jobs.set(jobId, name);
        done(null, { ...this.#reply(), jobId });
      },
      jobStatus: (call: ServerUnaryCall<JobRequest, StatusReply>, done: Callback<StatusReply>) => {
        const name = this.#job('JobStatus', call.request, done);
        if (name !== undefined) done(null, { ...this.#reply(), name });
      },
      closeJob: (call: ServerUnaryCall<JobRequest, Reply>, done: Callback<Reply>) => {
        if (this.#job('CloseJob', call.request, done) === undefined) return;
        this.jobs.delete(call.request.jobId);
        done(null, this.#reply());
      },
      download: (call: ServerWritableStream<JobRequest, Part>) => {
        const fail = (error: { code: number; details: string }): void => void call.emit('error', error);
        if (this.#job('Download', call.request, fail) !== undefined) void this.#send(call, PARTS);
      },
      watch: (call: ServerWritableStream<WatchRequest, Part>) => {
        const fail = (error: { code: number; details: string }): void => void call.emit('error', error);
        if (this.#knows('Watch', call.request.session, fail)) void this.#send(call, call.request.parts);
      },
      upload: (_call: unknown, done: Callback<Reply>) => done(null, this.#reply()),
      chat: (call: { end(): void }) => call.end(),
    });
  }

  start(): Promise<void> {
    return new Promise((resolve, reject) =>
      this.#server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
        this.port = port;
        if (error) reject(error);
        else resolve();
      }),
    );
  }

  stop(): void {
    this.#server.forceShutdown();
  }

  /** The next generation: it knows nothing of the sessions and jobs before. */
  restart(): void {
    this.sessions = new Set();
    this.jobs = new Map();
  }

  #reply(): Reply {
    return { from: this.strategy, next: this.#world.next(this.strategy) };
  }

  #knows(
    method: string,
    session: string | undefined,
    fail: (error: { code: number; details: string }) => void,
  ): boolean {
    this.calls.push({ method, session });
    if (!this.#world.hasSessions || this.sessions.has(session ?? '')) return true;
    fail({ code: status.UNAUTHENTICATED, details: `no session ${session}` });
    return false;
  }

  #job(
    method: string,
    request: JobRequest,
    fail: (error: { code: number; details: string }) => void,
  ): string | undefined {
    if (!this.#knows(method, request.session, fail)) return undefined;
    const name = this.jobs.get(request.jobId);
    if (name === undefined)
      fail({ code: status.NOT_FOUND, details: `no job ${request.jobId} on ${this.strategy}` });
    return name;
  }

  async #send(call: ServerWritableStream<unknown, Part>, parts: number): Promise<void> {
    this.streams++;
    call.once('close', () => this.streams--);
    await this.silence;
    for (let seq = 0; seq < parts && !call.cancelled; seq++) {
      this.partsSent++;
      if (call.write({ ...this.#reply(), seq })) continue;
      await new Promise<void>((resolve) => {
        const go = (): void => {
          call.off('drain', go).off('cancelled', go);
          resolve();
        };
        call.on('drain', go).on('cancelled', go);
      });
    }
    call.end();
  }
}
