import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Hunter } from '../../../../tooling/mutation/hunter.js';
import type { Catch, Order } from './hunt-process.js';
import type { Mutant } from './mutant.js';
import { QUERY_MUTANTS } from './mutants-of-queries.js';
import { ROUTING_MUTANTS } from './mutants-of-routing.js';
import { MODEL_MUTANTS } from './mutants-of-the-model.js';
import { Workspace } from './workspace.js';

/** A test or a world that takes longer has made the copy hang. */
const HANG_MS = 5_000;
const MUTANTS = [...MODEL_MUTANTS, ...ROUTING_MUTANTS, ...QUERY_MUTANTS];

type MutantHunter = Hunter<Order, Catch>;

/** A mutant and what noticed it, or why nothing did. */
interface Verdict {
  readonly mutant: Mutant;
  readonly caught: Catch | null;
  readonly trouble: string | null;
}

describe('the mutation check', () => {
  it('catches every rule that is taken out, by what the whole code passes', async () => {
    await using workspace = await Workspace.create();
    const healthy = workspace.copyOf('healthy');
    const waiting = [...MUTANTS];
    const verdicts: Verdict[] = [];
    const newHunter = (): MutantHunter =>
      new Hunter({
        script: join(healthy, 'test/mutation/hunt-process.js'),
        env: { TMPDIR: healthy },
        hangMs: HANG_MS,
        suffered: (title, text) => ({ title, text }),
      });
    const work = async (): Promise<void> => {
      const hunter = newHunter();
      for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift())
        verdicts.push(await examine(workspace, hunter, mutant));
      hunter.end();
    };
    const whole = newHunter();
    const by = [...new Set(MUTANTS.flatMap((mutant) => (isTests(mutant.by) ? mutant.by : [])))];
    expect(await whole.hunt({ copy: healthy, by }), 'the whole code').toBe(null);
    whole.end();
    await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, work));
    process.stdout.write(table(verdicts));
    expect(verdicts.flatMap(({ trouble }) => trouble ?? [])).toEqual([]);
  });

  it('names each mutant once', () => {
    const names = MUTANTS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

const isTests = (by: Mutant['by']): by is readonly string[] => Array.isArray(by);

async function examine(workspace: Workspace, hunter: MutantHunter, mutant: Mutant): Promise<Verdict> {
  const { name, changes, by } = mutant;
  try {
    const caught = await hunter.hunt({ copy: await workspace.mutate(name, changes), by });
    await workspace.discard(name);
    return { mutant, caught, trouble: caught === null ? `${name}: nothing has noticed` : null };
  } catch (error) {
    return { mutant, caught: null, trouble: String(error) };
  }
}

function table(verdicts: readonly Verdict[]): string {
  const ordered = MUTANTS.flatMap(({ name }) => verdicts.find(({ mutant }) => mutant.name === name) ?? []);
  const lines = ordered.map(({ mutant, caught, trouble }) =>
    `${mutant.name.padEnd(20)} ${mutant.of.padEnd(6)} ${trouble ?? `${caught?.title}: ${caught?.text}`.replaceAll('\n', ' ')}`.slice(
      0,
      160,
    ),
  );
  const caught = ordered.filter(({ trouble }) => trouble === null).length;
  return `${lines.join('\n')}\n${caught} of ${MUTANTS.length} mutants of the strategy client caught\n`;
}
