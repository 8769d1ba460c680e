import {
  type CallOptions,
  type Client,
  type ClientDuplexStream,
  type ClientReadableStream,
  type ClientUnaryCall,
  type ClientWritableStream,
  credentials,
  type Metadata,
  type MethodDefinition,
  makeGenericClientConstructor,
  type requestCallback,
} from '@grpc/grpc-js';
import type { Strategy } from '../../../src/strategy.js';

/** Every reply may say which deployment is next, and says which one has sent it. */
export interface Reply {
  readonly next?: Strategy | undefined;
  readonly from: Strategy;
}
export interface LoginRequest {
  readonly user: string;
}
export interface LoginReply extends Reply {
  readonly session: string;
}
export interface StartRequest {
  readonly name: string;
  readonly session?: string;
}
export interface StartReply extends Reply {
  readonly jobId: string;
}
export interface JobRequest {
  readonly jobId: string;
  readonly session?: string;
}
export interface StatusReply extends Reply {
  readonly name: string;
}
export interface Part extends Reply {
  readonly seq: number;
}
export interface WatchRequest {
  readonly parts: number;
  readonly session?: string;
}

type Unary<Req, Res> = (
  request: Req,
  metadata: Metadata,
  options: CallOptions,
  callback: requestCallback<Res>,
) => ClientUnaryCall;
type Streaming<Req, Res> = (
  request: Req,
  metadata: Metadata,
  options?: CallOptions,
) => ClientReadableStream<Res>;

/** The client of a service that exports documents: logins, jobs, and their parts as a stream. */
export interface ExportsClient extends Client {
  readonly login: Unary<LoginRequest, LoginReply>;
  readonly startJob: Unary<StartRequest, StartReply>;
  readonly jobStatus: Unary<JobRequest, StatusReply>;
  readonly closeJob: Unary<JobRequest, Reply>;
  readonly download: Streaming<JobRequest, Part>;
  readonly watch: Streaming<WatchRequest, Part>;
  upload(callback: requestCallback<Reply>): ClientWritableStream<Part>;
  chat(metadata?: Metadata): ClientDuplexStream<Part, Part>;
}

function method(
  name: string,
  kind: { requests?: boolean; responses?: boolean } = {},
): MethodDefinition<unknown, unknown> {
  const write = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
  const read = (bytes: Buffer): unknown => JSON.parse(bytes.toString());
  return {
    path: `/test.Exports/${name}`,
    requestStream: kind.requests ?? false,
    responseStream: kind.responses ?? false,
    requestSerialize: write,
    requestDeserialize: read,
    responseSerialize: write,
    responseDeserialize: read,
  };
}

/** `startJob` has two names, as with a definition that proto-loader has read. */
export const exportsService = {
  login: method('Login'),
  StartJob: { ...method('StartJob'), originalName: 'startJob' },
  jobStatus: method('JobStatus'),
  closeJob: method('CloseJob'),
  download: method('Download', { responses: true }),
  watch: method('Watch', { responses: true }),
  upload: method('Upload', { requests: true }),
  chat: method('Chat', { requests: true, responses: true }),
};

/** These are served by the deployment of their job also when it takes no new ones. */
export const PINNED: ReadonlySet<string> = new Set(['JobStatus', 'CloseJob', 'Download']);

const ExportsClientClass = makeGenericClientConstructor(exportsService, 'test.Exports');

export function exportsClient(port: number): ExportsClient {
  const client: unknown = new ExportsClientClass(`127.0.0.1:${port}`, credentials.createInsecure(), {
    // A broken connection is tried again at once; gRPC's own pause is a second.
    'grpc.initial_reconnect_backoff_ms': 10,
    'grpc.max_reconnect_backoff_ms': 50,
    'grpc.use_local_subchannel_pool': 1,
  });
  return client as ExportsClient;
}
