import type { SagaDefinition } from './definition.js';
import type { Engine } from './engine.js';

const NAME = 'inspect';
const never = (): never => {
  throw new Error('an inspection has no steps');
};

/**
 * Runs `work`, which only reads, while it holds `key`, and leaves nothing behind. null: the key was not to be had in
 * time. A process that dies meanwhile leaves a lock row that the next adopter removes: `prepare` then finds no work.
 */
export async function inspect<T>(
  engine: Engine,
  key: string,
  o: { readonly deadlineMs: number; readonly signal?: AbortSignal | undefined },
  work: () => Promise<T>,
): Promise<{ readonly found: T } | null> {
  let found: { readonly found: T } | null = null;
  const definition = inspection(async () => {
    found = { found: await work() };
  });
  await engine.start({ definition, key, phase: 'locked', input: null, steps: [], allocate: false, ...o });
  return found;
}

/** The definition under which an abandoned inspection is adopted: it only gives the key back. */
export const inspection = (work: () => Promise<void>): SagaDefinition => ({
  name: NAME,
  async prepare() {
    await work();
    return { kind: 'end', ending: { status: 'committed', forget: true } };
  },
  apply: never,
  stops: () => null,
  conclude: never,
  backward: never,
  atDeadline: () => 'abort',
  canTurnBack: () => true,
  recall: () => null,
  describe: never,
});
