import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Parts of the paths of files that take half a minute or more, the longest first. */
const LONG = [
  'e2e/test/chaos.',
  'e2e/test/kill-9',
  'reliable-connector/test/mutation',
  'e2e/test/stack',
  'coordination/test/mutation',
  'e2e/test/readme-tour',
  'bench/test/workloads',
  'reliable-connector/test/sim/simulation',
  'e2e/test/dev-stack',
  'e2e/test/strategy-soak',
  'e2e/test/bad-network',
  'e2e/test/recoverers',
  'strategy-client/test/mutation',
  'strategy-client/test/sim',
];

/** Starts the long files of a tier first, so that no core waits for the last one. The order decides nothing else. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(files);
    return others.toSorted((one, other) => rank(one) - rank(other));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const place = LONG.findIndex((part) => moduleId.includes(part));
  return place < 0 ? LONG.length : place;
}
