import { status } from '@grpc/grpc-js';
import { onTestFinished } from 'vitest';
import type { StrategyManager } from '../../../src/manager/strategy-manager.js';
import type { PinHooks, SessionHooks, WithStrategyOptions } from '../../../src/with-strategy/options.js';
import type { StrategyClient } from '../../../src/with-strategy/types.js';
import { withStrategy } from '../../../src/with-strategy/with-strategy.js';
import type { ExportsClient, LoginReply } from './exports-service.js';
import type { World } from './world.js';

type Options = WithStrategyOptions<ExportsClient, string>;

/** How this service opens sessions and puts them into requests. */
export function sessionHooks(user = 'ada'): SessionHooks<ExportsClient, string> {
  return {
    open: async ({ client, metadata, deadline, signal }) => {
      const { session, next } = await new Promise<LoginReply>((resolve, reject) => {
        const call = client.login({ user }, metadata, { deadline }, (error, reply) =>
          reply === undefined ? reject(error) : resolve(reply),
        );
        signal.addEventListener('abort', () => call.cancel(), { once: true });
      });
      return { session, announced: next };
    },
    attach: ({ session, request }) => ({ ...request, session }),
    isExpired: (error) => error.code === status.UNAUTHENTICATED && error.details.startsWith('no session'),
  };
}

/** What belongs to a job. */
export const pinHooks: PinHooks<ExportsClient> = {
  start: (call) => (call.method === 'startJob' ? call.response.jobId : undefined),
  of: ({ request }) => ('jobId' in request ? request.jobId : undefined),
  end: ({ method }) => method === 'closeJob',
};

/** A client that follows the world's switches, and its manager. It is closed when the test ends. */
export function follow(
  world: World,
  given: Partial<Options> = {},
): { readonly exports: StrategyClient<ExportsClient>; readonly manager: StrategyManager } {
  const manager = given.manager ?? world.manager();
  const exports = withStrategy(world.client(), {
    manager,
    announced: ({ next }) => next,
    isMismatch: (error) => error.details === 'wrong side',
    ...(world.hasSessions ? { session: sessionHooks() } : {}),
    pin: pinHooks,
    retryBaseMs: 5,
    retryMaxMs: 20,
    ...given,
  });
  onTestFinished(() => exports.close());
  return { exports, manager };
}

/** All that an iteration gives. */
export async function collect<T>(messages: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const message of messages) all.push(message);
  return all;
}
