import type { Client, ClientReadableStream, ClientUnaryCall, Metadata, ServiceError } from '@grpc/grpc-js';
import { expectTypeOf, test } from 'vitest';
import type { StrategyManager } from '../../src/manager/strategy-manager.js';
import type { WithStrategyOptions } from '../../src/with-strategy/options.js';
import type {
  MethodName,
  ResponseOf,
  StrategyCallOptions,
  StrategyClient,
} from '../../src/with-strategy/types.js';
import { withStrategy } from '../../src/with-strategy/with-strategy.js';
import type {
  ExportsClient,
  JobRequest,
  Part,
  StartReply,
  StartRequest,
  StatusReply,
} from './support/exports-service.js';

interface Ask {
  readonly question: string;
}
interface Tell {
  readonly answer: number;
}
type Done = (error: ServiceError | null, response: Tell) => void;

/** As ts-proto and grpc-tools write clients: the longest form last. */
interface LongestLast extends Client {
  ask(request: Ask, callback: Done): ClientUnaryCall;
  ask(request: Ask, metadata: Metadata, callback: Done): ClientUnaryCall;
  ask(request: Ask, metadata: Metadata, options: { deadline?: Date }, callback: Done): ClientUnaryCall;
  hear(request: Ask, options?: { deadline?: Date }): ClientReadableStream<Tell>;
  hear(request: Ask, metadata?: Metadata, options?: { deadline?: Date }): ClientReadableStream<Tell>;
}

/** As proto-loader's generator does: the shortest last, and the reply optional. */
interface ShortestLast extends Client {
  Ask(
    request: Ask,
    metadata: Metadata,
    options: object,
    callback: (error: ServiceError | null, value?: Tell) => void,
  ): ClientUnaryCall;
  Ask(request: Ask, callback: (error: ServiceError | null, value?: Tell) => void): ClientUnaryCall;
  Hear(request: Ask, metadata: Metadata, options?: object): ClientReadableStream<Tell>;
  Hear(request: Ask, options?: object): ClientReadableStream<Tell>;
}

test('unary methods give a promise and streams an iteration, with the types of the client', () => {
  type Exports = StrategyClient<ExportsClient>;
  expectTypeOf<Exports['startJob']>().toEqualTypeOf<
    (request: StartRequest, o?: StrategyCallOptions) => Promise<StartReply>
  >();
  expectTypeOf<Exports['download']>().toEqualTypeOf<
    (request: JobRequest, o?: StrategyCallOptions) => AsyncIterable<Part>
  >();
  expectTypeOf<Exports['close']>().toEqualTypeOf<() => Promise<void>>();
  expectTypeOf<Exports>().toExtend<AsyncDisposable>();
});

test('what streams requests, and what every client has, is left out', () => {
  expectTypeOf<MethodName<ExportsClient>>().toEqualTypeOf<
    'login' | 'startJob' | 'jobStatus' | 'closeJob' | 'download' | 'watch'
  >();
  expectTypeOf<StrategyClient<ExportsClient>>().not.toHaveProperty('upload');
  expectTypeOf<StrategyClient<ExportsClient>>().not.toHaveProperty('getChannel');
});

test('overloads of the known generators are understood', () => {
  type One = (request: Ask, o?: StrategyCallOptions) => Promise<Tell>;
  type Many = (request: Ask, o?: StrategyCallOptions) => AsyncIterable<Tell>;
  expectTypeOf<StrategyClient<LongestLast>['ask']>().toEqualTypeOf<One>();
  expectTypeOf<StrategyClient<LongestLast>['hear']>().toEqualTypeOf<Many>();
  expectTypeOf<StrategyClient<ShortestLast>['Ask']>().toEqualTypeOf<One>();
  expectTypeOf<StrategyClient<ShortestLast>['Hear']>().toEqualTypeOf<Many>();
});

test("the caller's functions get what the methods take and give", () => {
  type Options = WithStrategyOptions<ExportsClient, number>;
  type Started = Parameters<NonNullable<Options['pin']>['start']>[0];
  expectTypeOf<Extract<Started, { method: 'startJob' }>['response']>().toEqualTypeOf<StartReply>();
  expectTypeOf<Extract<Started, { method: 'jobStatus' }>['request']>().toEqualTypeOf<JobRequest>();
  expectTypeOf<Parameters<NonNullable<Options['session']>['attach']>[0]['session']>().toEqualTypeOf<number>();
  expectTypeOf<Parameters<NonNullable<Options['idempotent']>>[0]>().toEqualTypeOf<
    MethodName<ExportsClient>
  >();
  expectTypeOf<ResponseOf<ExportsClient, 'jobStatus'>>().toEqualTypeOf<StatusReply>();
});

test('what a session is comes from how it is opened', () => {
  const follow = (client: ExportsClient, manager: StrategyManager) =>
    withStrategy(client, {
      manager,
      session: {
        open: async () => ({ session: 42 }),
        attach: ({ session, request }) => {
          expectTypeOf(session).toEqualTypeOf<number>();
          return request;
        },
      },
      pin: {
        start: (call) => (call.method === 'startJob' ? call.response.jobId : undefined),
        of: ({ request }) => ('jobId' in request ? request.jobId : undefined),
        end: ({ method }) => method === 'closeJob',
      },
    });
  expectTypeOf(follow).returns.toEqualTypeOf<StrategyClient<ExportsClient>>();
});
