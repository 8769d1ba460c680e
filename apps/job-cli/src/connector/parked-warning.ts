import type { ParkedSaga, ReliableConnector } from '@holdfast/reliable-connector';
import { formatDuration } from '../output/durations.js';
import type { Output } from '../output/output.js';
import { printable } from '../output/printable.js';

/** Warns while something is parked: it needs an operator, and nobody else will say so. */
export async function warnOfParked(connector: ReliableConnector, output: Output): Promise<void> {
  const line = describeParked(await connector.parked());
  if (line !== null) output.warn(line);
}

/** One line about the oldest of them; null without any. */
export function describeParked(parked: readonly ParkedSaga[]): string | null {
  const oldest = parked.reduce<ParkedSaga | null>(
    (found, saga) => (found === null || saga.ageMs > found.ageMs ? saga : found),
    null,
  );
  if (oldest === null) return null;
  const count = parked.length === 1 ? '1 saga is parked' : `${parked.length} sagas are parked`;
  const id = oldest.groupId === null ? '' : `, id ${printable(oldest.groupId)}`;
  return (
    `${count}, the oldest for ${formatDuration(oldest.ageMs)} ` +
    `(saga ${oldest.sagaId}${id}, ${oldest.node}: ${printable(oldest.why)}); see "job parked"`
  );
}
