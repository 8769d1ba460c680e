/**
 * Whole seconds since 1970 of the microseconds whose upper and lower 32 bits these are, rounded down. Exact for all 64
 * bits: 2^32 microseconds are 4,294 seconds and 967,296 microseconds, and no intermediate result exceeds 2^53.
 */
export function epochSeconds(high: number, low: number): number {
  return high * 4_294 + Math.floor((high * 967_296 + low) / 1_000_000);
}

/** The microseconds of the second that is under way then, 0 to 999,999. */
export function microsOfSecond(high: number, low: number): number {
  const rest = (high * 967_296 + low) % 1_000_000;
  return rest < 0 ? rest + 1_000_000 : rest;
}
