import { type Clock, systemClock } from '../../clock.js';
import { ReliableConnectorError } from '../../errors.js';
import { type Logger, silentLogger } from '../../logger.js';
import { type Random, systemRandom } from '../../random.js';
import { SLOTS } from '../token.js';
import { hostBootId } from './boot-id.js';

export interface SqliteJournalOptions {
  /** Ms that a write, a read or the opening waits for its turn among processes before `JOURNAL_BUSY`. Default 10,000. */
  readonly busyMs?: number;
  /** 0–127 (4.1): stored when the journal is created, or changed when it exists. Default: drawn at the creation. */
  readonly slot?: number;
  /** Names this boot of the host; another one restarts the wait of every HOT entry. Default: the kernel's; null: unknown. */
  readonly bootId?: string | null;
  /** For waits between attempts of a write; sessions bring their own. Default: the host's clocks. */
  readonly clock?: Clock;
  /** Default: the operating system's. */
  readonly random?: Random;
  /** pino or console shape. Default silent. */
  readonly logger?: Logger;
}

/** `SqliteJournalOptions` with defaults filled in and ranges checked. */
export interface ResolvedSqliteJournalOptions {
  readonly busyMs: number;
  readonly slot: number | null;
  readonly bootId: string | null;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

const DEFAULT_BUSY_MS = 10_000;
const MAX_BUSY_MS = 3_600_000;

/** Fills defaults, checks ranges and freezes. Throws `INVALID_ARGUMENT`. */
export function resolveSqliteJournalOptions(o: SqliteJournalOptions): ResolvedSqliteJournalOptions {
  const busyMs = o.busyMs ?? DEFAULT_BUSY_MS;
  if (!(busyMs >= 0 && busyMs <= MAX_BUSY_MS))
    throw new ReliableConnectorError('INVALID_ARGUMENT', `busyMs is ${busyMs}; give 0 to ${MAX_BUSY_MS}`);
  if (o.slot !== undefined && !(Number.isInteger(o.slot) && o.slot >= 0 && o.slot < SLOTS))
    throw new ReliableConnectorError('INVALID_ARGUMENT', `slot is ${o.slot}; give 0 to ${SLOTS - 1}`);
  return Object.freeze({
    busyMs,
    slot: o.slot ?? null,
    bootId: o.bootId === undefined ? hostBootId() : o.bootId,
    clock: o.clock ?? systemClock,
    random: o.random ?? systemRandom,
    logger: o.logger ?? silentLogger,
  });
}
