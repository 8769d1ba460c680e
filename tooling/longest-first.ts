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
