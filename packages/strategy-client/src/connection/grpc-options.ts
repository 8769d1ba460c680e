import type { ChannelOptions } from '@grpc/grpc-js';
import { StrategyClientError } from '../errors.js';
import { inRange } from '../in-range.js';

/**
 * Channel options by gRPC's names, with or without `grpc.` in front; true and false count as 1 and 0. The origin's two
 * that are no channel options work too: `grpc_prepare_timeout` and `grpc_auto_resume_timeout_seconds`, in seconds.
 */
export type GrpcOptions = Readonly<Record<string, string | number | boolean>>;

/** `grpcOptions`, taken apart. */
export interface SortedGrpcOptions {
  /** What goes to the channel, under full names. */
  readonly channel: Readonly<ChannelOptions>;
  /** Keys that have no effect in Node. */
  readonly ignored: readonly string[];
  /** Deadline of a prepare, ms. */
  readonly prepareTimeoutMs: number | undefined;
  /** Bound of a resume, ms. */
  readonly autoResumeTimeoutMs: number | undefined;
}

const DAY_S = 86_400;
const PREPARE_TIMEOUT = 'grpc_prepare_timeout';
const RESUME_TIMEOUT = 'grpc_auto_resume_timeout_seconds';

/** Sorts and checks. Values are never shown: credentials of a proxy may be among them. */
export function sortGrpcOptions(given: GrpcOptions): SortedGrpcOptions {
  const channel: ChannelOptions = {};
  const ignored: string[] = [];
  const seconds = new Map<string, number>();
  for (const [key, raw] of Object.entries(given)) {
    const name = key.replace(/^grpc\./, '');
    const value = channelValue(key, raw);
    if (name === PREPARE_TIMEOUT || name === RESUME_TIMEOUT)
      seconds.set(name, inRange(`grpcOptions.${key}`, Number(value), 0.001, DAY_S) * 1000);
    // Limits on pings in HTTP/2 frames, which Node's implementation does not have.
    else if (name.startsWith('http2.')) ignored.push(key);
    else channel[name.startsWith('grpc-node.') ? name : `grpc.${name}`] = value;
  }
  refuseRepetition(channel['grpc.service_config']);
  return {
    channel,
    ignored,
    prepareTimeoutMs: seconds.get(PREPARE_TIMEOUT),
    autoResumeTimeoutMs: seconds.get(RESUME_TIMEOUT),
  };
}

function channelValue(key: string, value: unknown): string | number {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))) return value;
  throw new StrategyClientError(
    'INVALID_ARGUMENT',
    `grpcOptions.${key} is ${typeof value}; give a text, a finite number, true or false`,
  );
}

/** A retry or hedge below this client would send a statement twice, or to a deployment that is not its own. */
function refuseRepetition(serviceConfig: unknown): void {
  if (typeof serviceConfig !== 'string' || !/retryPolicy|hedgingPolicy/.test(serviceConfig)) return;
  throw new StrategyClientError(
    'INVALID_ARGUMENT',
    'grpcOptions has a service_config with a retryPolicy or hedgingPolicy, which may execute a statement twice; remove it: this client repeats what is safe to repeat (maxRetryAttempts)',
  );
}
