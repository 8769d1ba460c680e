import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Hunter } from '../../../../tooling/mutation/hunter.js';
import type { Catch, Order } from './hunt-process.js';
import { DEFAULT_SEEDS, type Mutant } from './mutant.js';
import { MODEL_MUTANTS } from './mutants-of-the-model.js';
import { ORIGIN_MUTANTS } from './mutants-of-the-origin.js';
import { Workspace } from './workspace.js';

const MUTANTS = [...MODEL_MUTANTS, ...ORIGIN_MUTANTS];
/** A seed that takes longer has made the copy hang. */
const HANG_MS = 8_000;

type MutantHunter = Hunter<Order, Catch>;

/** A mutant and how it was caught, or why it was not. */
interface Verdict {
  readonly mutant: Mutant;
  readonly caught: Catch | null;
  readonly trouble: string | null;
}

describe('the mutation check', () => {
  it('catches every rule that is taken out, by an invariant that the whole code keeps', async () => {
    await using workspace = await Workspace.create();
    const waiting = [...MUTANTS];
    const verdicts: Verdict[] = [];
    const work = async (): Promise<void> => {
      const hunter: MutantHunter = new Hunter({
        script: join(workspace.copyOf('healthy'), 'test/mutation/hunt-process.js'),
        hangMs: HANG_MS,
        // Before the first seed it says none.
        suffered: (trying, text) => ({ seed: Number(trying) || 1, invariant: 'X', text }),
      });
      for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift())
        verdicts.push(await examine(workspace, hunter, mutant));
      hunter.end();
    };
    await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, work));
    process.stdout.write(table(verdicts));
    expect(verdicts.flatMap(({ trouble }) => trouble ?? [])).toEqual([]);
  });

  it('names each mutant once', () => {
    const names = MUTANTS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

/** Hunts it, and lets the healthy code live through the seed that caught it. */
async function examine(workspace: Workspace, hunter: MutantHunter, mutant: Mutant): Promise<Verdict> {
  const { name, changes, world = {}, seeds = DEFAULT_SEEDS } = mutant;
  try {
    const copy = await workspace.mutate(name, changes);
    const caught = await hunter.hunt({ copy, from: 1, to: seeds, world });
    await workspace.discard(name);
    if (caught === null) return { mutant, caught, trouble: `${name}: not caught within ${seeds} seeds` };
    const healthy = await hunter.hunt({
      copy: workspace.copyOf('healthy'),
      from: caught.seed,
      to: caught.seed,
      world,
    });
    const trouble =
      healthy === null ? null : `${name}: the healthy code breaks ${healthy.invariant} too: ${healthy.text}`;
    return { mutant, caught, trouble };
  } catch (error) {
    return { mutant, caught: null, trouble: String(error) };
  }
}

function table(verdicts: readonly Verdict[]): string {
  const ordered = MUTANTS.flatMap(({ name }) => verdicts.find(({ mutant }) => mutant.name === name) ?? []);
  const lines = ordered.map(({ mutant, caught, trouble }) => {
    const by = trouble ?? `${caught?.invariant} in seed ${caught?.seed}: ${caught?.text}`;
    return `${mutant.name.padEnd(20)} ${mutant.of.padEnd(15)} ${by}`.slice(0, 160);
  });
  const caught = ordered.filter((verdict) => verdict.trouble === null).length;
  return `${lines.join('\n')}\n${caught} of ${MUTANTS.length} mutants caught\n`;
}
