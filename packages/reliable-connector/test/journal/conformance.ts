import { describe } from 'vitest';
import { beginConformance } from './conformance/begin.js';
import { changeConformance } from './conformance/changes.js';
import { hotConformance } from './conformance/hot.js';
import { ownershipConformance } from './conformance/ownership.js';
import { readConformance } from './conformance/reads.js';
import { retentionConformance } from './conformance/retention.js';
import type { WorldFactory } from './conformance/world.js';

/** What every journal must do, whatever it stores on: the contract of `Journal` and section 4.3 as tests. */
export function journalConformance(name: string, factory: WorldFactory): void {
  describe(`${name} journal`, () => {
    beginConformance(factory);
    changeConformance(factory);
    ownershipConformance(factory);
    hotConformance(factory);
    retentionConformance(factory);
    readConformance(factory);
  });
}
