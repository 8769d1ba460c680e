import type { Capabilities } from '../capabilities/index.js';

/**
 * The weight that a member gives itself: the integer `weight` of its capabilities, as tooz writes them; 1 for a member
 * that gives none. Below 0 is 0, and too much is `most`: a member's mistake must not keep the others from working.
 */
export function weightOf(capabilities: Capabilities | null, most: number): number {
  const weight = given(capabilities);
  if (typeof weight !== 'bigint' && !Number.isInteger(weight)) return 1;
  return Math.min(Math.max(Number(weight), 0), most);
}

function given(capabilities: Capabilities | null): unknown {
  if (typeof capabilities !== 'object' || capabilities === null) return undefined;
  return Object.getOwnPropertyDescriptor(capabilities, 'weight')?.value;
}
