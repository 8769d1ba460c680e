import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Parts of the paths of files that take half a minute or more, the longest first. */
const LONG = [
  'e2e/test/kill-9',
  'coordination/test/mutation',
  'e2e/test/readme-tour',
  'reliable-connector/test/mutation',
  'e2e/test/stack',
  'e2e/test/chaos.',
  'strategy-client/test/mutation',
  'e2e/test/racing',
  'e2e/test/dev-stack',
  'reliable-connector/test/sim/simulation',
  'e2e/test/strategy-soak',
  'strategy-client/test/sim',
  'e2e/test/bad-network',
  'bench/test/workloads',
];

/**
 * Starts the long files first, those that compute beside those that wait for processes, so that no core is left with
 * nothing to do while the last one ends. The order decides nothing else.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(files);
    return others.toSorted((one, other) => rank(one) - rank(other));
  }
}

function rank({ moduleId, project }: TestSpecification): number {
  const place = LONG.findIndex((part) => moduleId.includes(part));
  if (place >= 0) return place;
  // Of the others, real processes take longest.
  return project.name === 'e2e' ? LONG.length : LONG.length + 1;
}
