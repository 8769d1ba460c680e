import type { ItemReport } from '../bulk/item-report.js';
import { printable } from './printable.js';

/** What the user of the command can do about a rejection. */
const BY_REASON: Readonly<Record<string, (id: string) => string>> = {
  exists: () => '--ensure takes an id that exists on all nodes as done',
  not_found: () => '--ensure takes an id that exists nowhere as done',
  conflict: (id) => `another version is there: job verify --ids ${id}`,
  unknown_version: (id) => `this journal did not write it: job delete-one ${id} --force`,
  refused: () => "the node declines it; see the node's log",
  busy: () => 'another operation holds the id; try again later',
  unavailable: () => 'a node does not answer; try again later',
};

/** What to do about an item that is not done; null where there is nothing to say. */
export function nextStep(
  item: Pick<ItemReport, 'groupId' | 'status' | 'reason' | 'hint'>,
  ensure: boolean,
): string | null {
  if (item.status !== 'rejected') return item.hint;
  const id = printable(item.groupId);
  if (ensure && item.reason === 'exists')
    return `it is not on all nodes, or not known to be: job verify --ids ${id}`;
  return BY_REASON[item.reason ?? '']?.(id) ?? item.hint;
}
