import type { Clock } from '../clock.js';
import { type StepAnswer, unknown } from './saga-spec.js';

/**
 * Runs one call of somebody's step for at most `timeoutMs`. What it throws, and what it has not answered by then, may
 * have been done and may still be: `unknown`, alive.
 */
export function timed(
  clock: Clock,
  timeoutMs: number,
  call: (signal: AbortSignal) => Promise<StepAnswer>,
): Promise<StepAnswer> {
  const over = new AbortController();
  return new Promise((resolve) => {
    const end = (answer: StepAnswer): void => {
      cancel();
      resolve(answer);
    };
    const fail = (cause: unknown): void =>
      end(unknown(cause instanceof Error ? cause : new Error(String(cause))));
    const cancel = clock.schedule(timeoutMs, () => {
      over.abort();
      fail(new Error(`no answer within ${timeoutMs} ms`));
    });
    new Promise<StepAnswer>((start) => start(call(over.signal))).then(end, fail);
  });
}
