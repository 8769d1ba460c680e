import { CHARACTERISTICS, type Characteristic } from './characteristics.js';
import { type Clock, systemClock } from './clock.js';
import type { DriverDefinition, LockKeyFormat } from './driver/index.js';
import { CoordinationError } from './errors.js';
import { inRange } from './in-range.js';
import { type Logger, silentLogger } from './logger.js';
import { type Random, systemRandom } from './random.js';

/** Options of `getCoordinator`; each wins over the query string's option of the same meaning. */
export interface CoordinatorOptions {
  /** How long a member that is silent stays in its groups, ms. Default: `membership_timeout` of the URL, or 30,000. */
  readonly membershipTtlMs?: number;
  /** How long a lock or leadership lasts without a beat, ms. Default: `lock_timeout` of the URL, or 30,000. */
  readonly lockTtlMs?: number;
  /** Bound of each operation that is not a wait for a lock, ms. Default 10,000; each call can give its own. */
  readonly timeoutMs?: number;
  /** How often watched groups are read again in case a hint got lost, ms. Default 1,000. */
  readonly pollMs?: number;
  /** How long a waiter that was told to claim a free lock keeps its place, ms. Default 1,000. */
  readonly claimTimeoutMs?: number;
  /** How long `stop()` and stand-down wait for the work of a term to settle, ms. Default 30,000. */
  readonly handOverTimeoutMs?: number;
  /**
   * Join a group again, with the last capabilities, after having been evicted from it; creates it if it is gone, as after
   * a loss of the store's data. Default false.
   */
  readonly rejoin?: boolean;
  /** Prefix of all names in the store. Default: `namespace` of the URL, or `_tooz`. */
  readonly namespace?: string;
  /** Redis keys of locks: which generations of Python tooz to exclude (redis-layout 5.8). Default `tooz9`. */
  readonly lockKeyFormat?: LockKeyFormat | readonly LockKeyFormat[];
  /** What the driver must guarantee; else `DriverChosenPoorly`. Default none. */
  readonly characteristics?: Iterable<Characteristic>;
  /** A driver to use instead of that of the URL's scheme. */
  readonly driver?: DriverDefinition;
  /** Where to report what no caller hears. Default: nowhere. */
  readonly logger?: Logger;
  /** Default: the host's clocks. */
  readonly clock?: Clock;
  /** Default: the operating system's chance. */
  readonly random?: Random;
}

/** All options, filled and checked. */
export interface ResolvedOptions {
  readonly membershipTtlMs: number;
  readonly lockTtlMs: number;
  readonly timeoutMs: number;
  readonly pollMs: number;
  readonly claimTimeoutMs: number;
  readonly handOverTimeoutMs: number;
  readonly rejoin: boolean;
  readonly namespace: string;
  readonly lockKeyFormats: readonly LockKeyFormat[];
  readonly characteristics: ReadonlySet<Characteristic>;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly random: Random;
}

const DEFAULT_TTL_MS = 30_000;
const DEFAULT_NAMESPACE = '_tooz';
const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_POLL_MS = 1_000;
const DEFAULT_CLAIM_TIMEOUT_MS = 1_000;
const DEFAULT_HAND_OVER_TIMEOUT_MS = 30_000;
const SHORTEST_TTL_MS = 100;
const DAY_MS = 86_400_000;
const LOCK_KEY_FORMATS: readonly LockKeyFormat[] = ['tooz9', 'tooz8-bytes', 'tooz8-text'];

/** Options of the URL's query string that this package reads, with tooz's names and units (seconds). */
function optionsOfUrl(url: URL): Partial<CoordinatorOptions> {
  const seconds = (name: string): number | undefined => {
    const text = url.searchParams.get(name);
    if (text === null) return undefined;
    const value = Number(text);
    if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value * 1000;
    throw new CoordinationError(
      'INVALID_ARGUMENT',
      `${name}=${text} in the URL; give a number of seconds above 0, such as ${name}=30`,
    );
  };
  const timeoutMs = seconds('timeout');
  const membershipTtlMs = seconds('membership_timeout') ?? timeoutMs;
  const lockTtlMs = seconds('lock_timeout') ?? timeoutMs;
  const namespace = url.searchParams.get('namespace');
  return {
    ...(membershipTtlMs === undefined ? {} : { membershipTtlMs }),
    ...(lockTtlMs === undefined ? {} : { lockTtlMs }),
    ...(namespace === null ? {} : { namespace }),
  };
}

/** Fills defaults, checks ranges and freezes. Throws `INVALID_ARGUMENT`, naming the option and its limits. */
export function resolveCoordinatorOptions(url: URL, given: CoordinatorOptions): ResolvedOptions {
  const o = { ...optionsOfUrl(url), ...defined(given) };
  return Object.freeze({
    membershipTtlMs: inRange('membershipTtlMs', o.membershipTtlMs ?? DEFAULT_TTL_MS, SHORTEST_TTL_MS, DAY_MS),
    lockTtlMs: inRange('lockTtlMs', o.lockTtlMs ?? DEFAULT_TTL_MS, SHORTEST_TTL_MS, DAY_MS),
    timeoutMs: inRange('timeoutMs', o.timeoutMs ?? DEFAULT_TIMEOUT_MS, 1, DAY_MS),
    pollMs: inRange('pollMs', o.pollMs ?? DEFAULT_POLL_MS, 10, DAY_MS),
    claimTimeoutMs: inRange('claimTimeoutMs', o.claimTimeoutMs ?? DEFAULT_CLAIM_TIMEOUT_MS, 10, DAY_MS),
    handOverTimeoutMs: inRange(
      'handOverTimeoutMs',
      o.handOverTimeoutMs ?? DEFAULT_HAND_OVER_TIMEOUT_MS,
      0,
      DAY_MS,
    ),
    rejoin: o.rejoin ?? false,
    namespace: checkedNamespace(o.namespace ?? DEFAULT_NAMESPACE),
    lockKeyFormats: checkedFormats(o.lockKeyFormat ?? 'tooz9'),
    characteristics: checkedCharacteristics(o.characteristics ?? []),
    logger: o.logger ?? silentLogger,
    clock: o.clock ?? systemClock,
    random: o.random ?? systemRandom,
  });
}

/** Without the properties that are undefined, so that they do not hide those of the URL. */
const defined = (o: CoordinatorOptions): CoordinatorOptions =>
  Object.fromEntries(Object.entries(o).filter(([, value]) => value !== undefined));

function checkedNamespace(namespace: string): string {
  const bytes = Buffer.byteLength(namespace);
  if (bytes >= 1 && bytes <= 256) return namespace;
  throw new CoordinationError('INVALID_ARGUMENT', `namespace has ${bytes} bytes; give 1 to 256`);
}

function checkedFormats(given: LockKeyFormat | readonly LockKeyFormat[]): readonly LockKeyFormat[] {
  const formats = [...new Set(typeof given === 'string' ? [given] : given)];
  const wrong = formats.find((format) => !LOCK_KEY_FORMATS.includes(format));
  if (wrong === undefined && formats.length > 0) return formats;
  throw new CoordinationError(
    'INVALID_ARGUMENT',
    `lockKeyFormat is ${JSON.stringify(wrong ?? [])}; give one or several of ${LOCK_KEY_FORMATS.join(', ')}`,
  );
}

function checkedCharacteristics(given: Iterable<Characteristic>): ReadonlySet<Characteristic> {
  const wanted = new Set(given);
  for (const one of wanted)
    if (!CHARACTERISTICS.includes(one))
      throw new CoordinationError(
        'INVALID_ARGUMENT',
        `characteristics names ${JSON.stringify(one)}; give some of ${CHARACTERISTICS.join(', ')}`,
      );
  return wanted;
}
