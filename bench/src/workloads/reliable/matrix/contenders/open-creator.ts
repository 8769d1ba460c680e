import type { Creator, CreatorName, CreatorSetup } from './contender.js';
import { openFloor } from './floor.js';
import { openHoldfast } from './holdfast.js';
import { openOrigin } from './origin.js';
import { openPRetry } from './p-retry.js';

export async function openCreator(name: CreatorName, setup: CreatorSetup): Promise<Creator> {
  switch (name) {
    case 'floor':
      return openFloor(setup);
    case 'holdfast':
      return openHoldfast(setup);
    case 'p-retry':
      return openPRetry(setup);
    case 'origin':
      return openOrigin(setup);
  }
}
