import type { Random } from '../../seeded-random.js';

/** A whole number between the bounds, both included. */
export function between(random: Random, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1));
}
