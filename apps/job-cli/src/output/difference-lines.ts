import type { Difference } from '@holdfast/reliable-connector';

/** Heading of a list of differences. */
export const DIFFERENCE_HEADING: readonly string[] = ['id', 'node', 'difference', 'expected', 'found'];

/** One row of it. */
export function differenceRow(difference: Difference): readonly string[] {
  return [
    difference.groupId,
    difference.node,
    difference.kind.replace('_', ' '),
    difference.expected === null ? '–' : String(difference.expected),
    difference.found === null ? '–' : String(difference.found),
  ];
}
