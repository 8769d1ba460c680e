import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { type Catch, hunt } from './hunt.js';
import type { Mutant } from './mutant.js';
import { ELECTION_MUTANTS } from './mutants-of-elections.js';
import { LEASE_MUTANTS } from './mutants-of-leases.js';
import { SCRIPT_MUTANTS } from './mutants-of-scripts.js';
import { STORE_MUTANTS } from './mutants-of-stores.js';
import { WAITING_MUTANTS } from './mutants-of-waiting.js';
import { Workspace } from './workspace.js';

const MUTANTS = [
  ...LEASE_MUTANTS,
  ...WAITING_MUTANTS,
  ...ELECTION_MUTANTS,
  ...STORE_MUTANTS,
  ...SCRIPT_MUTANTS,
];

/** A mutant and the test that caught it, or why none did. */
interface Verdict {
  readonly mutant: Mutant;
  readonly caught: Catch | null;
  readonly trouble: string | null;
}

describe('the mutation check', () => {
  it('catches every rule that is taken out, by a test that the whole code passes', async () => {
    await using workspace = await Workspace.create();
    const tests = [...new Set(MUTANTS.flatMap((mutant) => mutant.tests))];
    expect(await hunt(workspace.copyOf('healthy'), { tests }), 'the whole code').toBe(null);
    const waiting = [...MUTANTS];
    const verdicts: Verdict[] = [];
    const work = async (): Promise<void> => {
      for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift())
        verdicts.push(await examine(workspace, mutant));
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

async function examine(workspace: Workspace, mutant: Mutant): Promise<Verdict> {
  const { name, changes, tests } = mutant;
  try {
    const caught = await hunt(await workspace.mutate(name, changes), { tests });
    await workspace.discard(name);
    return { mutant, caught, trouble: caught === null ? `${name}: no test of ${tests} has noticed` : null };
  } catch (error) {
    return { mutant, caught: null, trouble: String(error) };
  }
}

function table(verdicts: readonly Verdict[]): string {
  const ordered = MUTANTS.flatMap(({ name }) => verdicts.find(({ mutant }) => mutant.name === name) ?? []);
  const lines = ordered.map(({ mutant, caught, trouble }) =>
    `${mutant.name.padEnd(20)} ${mutant.of.padEnd(10)} ${trouble ?? caught?.title}`.slice(0, 160),
  );
  const caught = ordered.filter(({ trouble }) => trouble === null).length;
  return `${lines.join('\n')}\n${caught} of ${MUTANTS.length} mutants of coordination caught\n`;
}
