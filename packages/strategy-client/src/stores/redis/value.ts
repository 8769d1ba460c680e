import { randomBytes } from 'node:crypto';
import { parseStrategy } from '../../strategy.js';
import { EMPTY } from '../stored-state.js';
import type { StoredStrategy, StoreReading } from '../strategy-store.js';

const FORM = /^1:[\w-]+:(blue|green|-):(\d{1,15})$/;

/**
 * A value, which is its own version: `1:NONCE:STRATEGY:TIME`, `-` for no strategy. The nonce is the system's chance and
 * not the injected one: a run that is replayed must not repeat the versions of the run before, which Redis may still hold.
 */
export const encodeValue = ({ strategy, lastCheckTime }: StoredStrategy): string =>
  `1:${randomBytes(12).toString('base64url')}:${strategy ?? '-'}:${lastCheckTime}`;

/** What `held` gave; null: the key holds something of somebody else. */
export function stateOf(held: string): StoredStrategy | null {
  if (held === '') return EMPTY.state;
  const found = FORM.exec(held);
  return found && { strategy: parseStrategy(found[1]), lastCheckTime: Number(found[2]) };
}

/** What `held` gave, as a reading; what is not ours counts as unknown. */
export const readingOf = (held: string): StoreReading => ({
  version: held,
  state: stateOf(held) ?? EMPTY.state,
});
