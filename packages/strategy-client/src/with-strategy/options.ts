import type { Client, Metadata, ServiceError } from '@grpc/grpc-js';
import { StrategyClientError } from '../errors.js';
import { inRange, wholeInRange } from '../in-range.js';
import { StrategyManager } from '../manager/strategy-manager.js';
import { type Random, systemRandom } from '../random.js';
import { type RetryOptions, resolveRetryOptions } from '../recovery/retry-options.js';
import type { Strategy } from '../strategy.js';
import type { AnsweredCallOf, CallOf, MethodName, ResponseOf } from './types.js';

/** What `session.open` works with. */
export interface SessionOpening<C extends Client> {
  readonly client: C;
  /** Has the strategy's header, and has to be sent along. */
  readonly metadata: Metadata;
  /** The deployment that is asked. */
  readonly strategy: Strategy;
  /** For the call's options, so that it does not outlive its use. */
  readonly deadline: Date;
  /** Aborts at the deadline and when the client is closed. */
  readonly signal: AbortSignal;
}

/** How sessions are opened and used, where the service has them. A session belongs to one deployment. */
export interface SessionHooks<C extends Client, S> {
  /**
   * Opens a session on one deployment; rejects with the error of its call. `announced` is what the reply says of another
   * deployment. At most one opening per deployment is in flight, and a deployment accepts calls when one has succeeded.
   */
  open(
    o: SessionOpening<C>,
  ): Promise<{ readonly session: S; readonly announced?: string | null | undefined }>;
  /** Puts the session into the metadata, which is a copy, or returns the request with the session in it. */
  attach(o: CallOf<C> & { readonly session: S; readonly metadata: Metadata }): unknown;
  /**
   * Whether an error says that the deployment does not know the session (any more): another is opened there, and the call
   * sent again. It must be certain that the call was not processed. Default: only INTERNAL `Access denied` is.
   */
  isExpired?(error: ServiceError): boolean;
}

/** Which calls belong together and have to stay on one deployment, such as those about one job. */
export interface PinHooks<C extends Client> {
  /** The id of what an answered call has begun; undefined if it has begun nothing. */
  start(call: AnsweredCallOf<C>): string | undefined;
  /** The id of what a call is about; undefined if it may go anywhere. */
  of(call: CallOf<C>): string | undefined;
  /** Whether what the call is about ends with it, once it has succeeded. */
  end(call: CallOf<C>): boolean;
}

/** Options of `withStrategy`. A method that has two names goes by the one under which it is called. */
export interface WithStrategyOptions<C extends Client, S = unknown> extends RetryOptions {
  /** Where the calls go. Share it among all clients of the same router. Required. */
  readonly manager: StrategyManager;
  /**
   * The deployment that a response announces, `blue` or `green`; everything else is none. Default: none is ever announced,
   * and only a mismatch tells of a switch.
   */
  announced?(response: ResponseOf<C, MethodName<C>>): string | null | undefined;
  /**
   * Whether an error says that this is the wrong deployment. It must be certain that the call was not processed: it is sent
   * again. Default: only what comes of HTTP status 456 is, which counts in any case.
   */
  isMismatch?(error: ServiceError): boolean;
  /** Default: the service has no sessions; then the first call after an announcement probes the deployment. */
  readonly session?: SessionHooks<C, S>;
  /** Default: every call may go to any deployment. */
  readonly pin?: PinHooks<C>;
  /** Whether a method may be sent again when its answer is lost. Default: none may. */
  idempotent?(method: MethodName<C>): boolean;
  /** Name of the metadata entry that tells the router the deployment. Default `strategy`. */
  readonly header?: string;
  /** Deadline of each attempt of a unary call, ms. Default 60,000; 1 to 86,400,000. */
  readonly timeoutMs?: number;
  /** Deadline of a stream as a whole, ms. Default 3,600,000; 1 to 86,400,000. */
  readonly streamTimeoutMs?: number;
  /** How long opening a session may take, ms. Default 30,000; 1 to 86,400,000. */
  readonly sessionTimeoutMs?: number;
  /** Pins that are kept, 1 to 1,000,000; the oldest gives way, with a warning in the manager's log. Default 10,000. */
  readonly maxPins?: number;
  /** Default: the operating system's chance. */
  readonly random?: Random;
}

/** Any call, where its method is not known to the compiler. */
export interface AnyCall {
  readonly method: string;
  readonly request: unknown;
}

type Numbers = 'timeoutMs' | 'streamTimeoutMs' | 'sessionTimeoutMs' | 'maxPins' | keyof RetryOptions;

/** All options, filled and checked, and what they call taken for methods of any client. */
export interface ResolvedWithStrategyOptions
  extends Readonly<Required<Pick<WithStrategyOptions<Client>, Numbers | 'header' | 'random' | 'manager'>>> {
  announced(response: unknown): string | null | undefined;
  isMismatch(error: ServiceError): boolean;
  isExpired(error: ServiceError): boolean;
  readonly session:
    | {
        open(o: SessionOpening<Client>): Promise<{ session: unknown; announced?: string | null | undefined }>;
        attach(o: AnyCall & { readonly session: unknown; readonly metadata: Metadata }): unknown;
      }
    | undefined;
  readonly pin: {
    start(call: AnyCall & { readonly response: unknown }): string | undefined;
    of(call: AnyCall): string | undefined;
    end(call: AnyCall): boolean;
  };
  idempotent(method: string): boolean;
}

const DEFAULT_HEADER = 'strategy';
const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_STREAM_TIMEOUT_MS = 3_600_000;
const DEFAULT_SESSION_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_PINS = 10_000;
const MOST_PINS = 1_000_000;
const DAY_MS = 86_400_000;

/** Names that gRPC takes for an entry of text. */
const HEADER = /^(?!grpc-)(?!.*-bin$)[0-9a-z_.-]+$/;

const never = (): boolean => false;
const nothing = (): undefined => undefined;

/** Fills defaults, checks ranges and freezes. Throws `INVALID_ARGUMENT`, naming the option and its limits. */
export function resolveWithStrategyOptions<C extends Client, S>(
  given: WithStrategyOptions<C, S>,
): ResolvedWithStrategyOptions {
  // The compiler has checked what the caller's functions take against the client; from here on any call may be given.
  const o = given as unknown as WithStrategyOptions<Client> & Partial<ResolvedWithStrategyOptions>;
  const { manager, session } = o;
  if (!(manager instanceof StrategyManager))
    throw new StrategyClientError(
      'INVALID_ARGUMENT',
      'manager is no StrategyManager; make one for the router',
    );
  const ms = (name: string, value: number): number => inRange(name, value, 1, DAY_MS);
  return Object.freeze({
    manager,
    header: headerName(o.header ?? DEFAULT_HEADER),
    announced: o.announced?.bind(o) ?? nothing,
    isMismatch: o.isMismatch?.bind(o) ?? never,
    isExpired: given.session?.isExpired?.bind(given.session) ?? never,
    session,
    pin: o.pin ?? { start: nothing, of: nothing, end: never },
    idempotent: o.idempotent?.bind(o) ?? never,
    timeoutMs: ms('timeoutMs', o.timeoutMs ?? DEFAULT_TIMEOUT_MS),
    streamTimeoutMs: ms('streamTimeoutMs', o.streamTimeoutMs ?? DEFAULT_STREAM_TIMEOUT_MS),
    sessionTimeoutMs: ms('sessionTimeoutMs', o.sessionTimeoutMs ?? DEFAULT_SESSION_TIMEOUT_MS),
    ...resolveRetryOptions(o),
    maxPins: wholeInRange('maxPins', o.maxPins ?? DEFAULT_MAX_PINS, 1, MOST_PINS),
    random: o.random ?? systemRandom,
  });
}

function headerName(given: string): string {
  const name = given.toLowerCase();
  if (HEADER.test(name)) return name;
  throw new StrategyClientError(
    'INVALID_ARGUMENT',
    `header is ${JSON.stringify(given)}; give letters, digits, "_", "-" and ".", without grpc- in front or -bin at the end`,
  );
}

/** A call's own deadline, or `INVALID_ARGUMENT`. */
export function callTimeout(given: number | undefined, byDefault: number): number {
  return given === undefined ? byDefault : inRange('timeoutMs', given, 1, DAY_MS);
}
