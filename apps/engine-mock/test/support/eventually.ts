import { vi } from 'vitest';

/** How long a condition may take on a machine that has much else to do. */
const PATIENCE_MS = 15_000;

/** Repeats `check` until it no longer throws. */
export function eventually(check: () => unknown): Promise<unknown> {
  return vi.waitFor(check, { timeout: PATIENCE_MS, interval: 5 });
}
