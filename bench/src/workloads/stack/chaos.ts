import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { COMPILED } from '../../../../tooling/from-source/flags.js';
import { childEnv } from '../../harness/child-env.js';
import type { BenchContext } from '../../harness/context.js';
import { ROOT } from '../../harness/entries.js';
import type { Part } from './part.js';

/** What is read of the history of a run. */
interface ChaosEvent {
  /** Ms since the beginning of the run. */
  readonly at: number;
  readonly type: string;
  readonly stage?: string;
  readonly outcome?: string;
  readonly created?: number;
  readonly deleted?: number;
}

/** The same faults each time. */
const SEED = '7';
const HOLDS = 0;
const BROKEN = 1;

/** What the stack gets done while `pnpm chaos` strikes it, from the history of a run. 0 seconds: nothing is measured. */
export async function benchChaos(context: BenchContext, seconds: number): Promise<Part> {
  if (seconds === 0) return { measurements: [], notes: [] };
  const { scratch, signal, say } = context;
  const out = await scratch.folder('chaos');
  say(`stack: ${seconds} s of chaos`);
  const args = ['--seconds', String(seconds), '--seed', SEED, '--coordination', 'sqlite', '--out', out];
  const child = spawn(process.execPath, [...COMPILED, join(ROOT, 'e2e/src/chaos/main.ts'), ...args], {
    cwd: ROOT,
    env: childEnv(),
    signal,
    stdio: 'ignore',
  });
  const [code] = await once(child, 'close');
  if (code !== HOLDS && code !== BROKEN)
    return { measurements: [], notes: [`NOT MEASURED under chaos: pnpm chaos ended with ${code}`] };
  const history: { readonly events: readonly ChaosEvent[] } = JSON.parse(
    await readFile(join(out, 'history.json'), 'utf8'),
  );
  const ends = (stage: string): number =>
    history.events.find((event) => event.type === 'stage' && event.stage === stage)?.at ?? Number.NaN;
  const [from, to] = [ends('chaos'), ends('healed')];
  const struck = history.events.filter(({ at }) => at >= from && at < to);
  const perSecond = (count: number): number => count / ((to - from) / 1000);
  const queries = struck.filter(({ type }) => type === 'query');
  const changed = struck
    .filter(({ type }) => type === 'run')
    .reduce((sum, { created = 0, deleted = 0 }) => sum + created + deleted, 0);
  const wishes = struck.filter(({ type, outcome }) => type === 'wanted' && outcome === 'done');
  const well = queries.filter(({ outcome }) => outcome === 'ok').length;
  return {
    measurements: [
      {
        id: 'stack.chaos.queries',
        what: 'chaos: queries that ended well',
        unit: '/s',
        value: perSecond(well),
      },
      {
        id: 'stack.chaos.wishes',
        what: 'chaos: changes of what is wanted',
        unit: '/s',
        value: perSecond(wishes.length),
      },
      {
        id: 'stack.chaos.changes',
        what: 'chaos: groups created or deleted by the leaders',
        unit: '/s',
        value: perSecond(changed),
      },
    ],
    notes: [
      `chaos: ${Math.round((to - from) / 1000)} s on sqlite, seed ${SEED}; its load pauses between queries and between changes, so this is what gets through and no limit; ${queries.length - well} of ${queries.length} queries failed`,
      ...(code === BROKEN ? ['DOUBTFUL: a promise did not hold in the chaos run; see pnpm chaos'] : []),
    ],
  };
}
