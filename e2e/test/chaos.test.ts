import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AppProcess } from '../src/app-process.js';
import type { FaultName } from '../src/chaos/history/event.js';
import type { History, Mutation, Verdict } from '../src/chaos/history/history.js';
import { BACKENDS } from '../src/coordination/backends.js';
import { reportLine } from '../src/report-line.js';
import { leavesNothingBehind, tempFolder } from '../src/resources.js';

leavesNothingBehind();

/** The same each time, so that a failure comes again. */
const SEED = 108;
/** Early on the leader is killed while its writes are held, and the colour switches. */
const MUTATED_SEED = 161_701;

/** A mutation, for how long it runs, and the verdict that it is to break. */
type Mutated = readonly [mutation: Mutation, seconds: number, meant: string];

/** A run as `pnpm chaos` starts it, without the build before it. */
async function chaos(...args: readonly string[]) {
  const out = tempFolder();
  const app = new AppProcess({
    program: 'e2e/src/chaos/main.ts',
    args: [...args, '--out', out, '--json'],
  });
  const ended = await app.ended;
  const told = (): History & { readonly verdicts: readonly Verdict[] } =>
    JSON.parse(readFileSync(join(out, 'history.json'), 'utf8'));
  // A run that could not be carried out says why, and has no history.
  if (ended.code !== 2)
    expect(ended).toMatchObject({ code: expect.toSatisfy((code) => code === 0 || code === 1) });
  return { ...ended, out, told };
}

const broken = (verdicts: readonly Verdict[]): readonly string[] =>
  verdicts.filter(({ holds }) => !holds).map(({ name, against }) => [name, ...against].join(': '));

function figures({ coordination, events, facts }: History): string {
  const count = (type: string): number => events.filter((event) => event.type === type).length;
  const begun = events.flatMap((event) =>
    event.type === 'fault' && event.phase === 'begin' ? [event.fault] : [],
  );
  const often = (name: FaultName): number => begun.filter((one) => one === name).length;
  return (
    `chaos ${coordination}: seed ${SEED}, ${begun.length} faults (${often('kill-worker')} kills, ` +
    `${often('switch')} switches), ${count('query')} queries, ${count('wanted')} changes, ` +
    `${facts.writes.length} writes, ${count('elected')} terms; converged after ${facts.convergedMs} ms`
  );
}

describe('pnpm chaos', () => {
  test('on sqlite and on redis: whatever fails, every promise is kept', async () => {
    const runs = BACKENDS.map(async (coordination) =>
      chaos('--seconds', '30', '--seed', String(SEED), '--coordination', coordination),
    );
    for (const run of await Promise.all(runs)) {
      const { verdicts, ...history } = run.told();
      reportLine(figures(history));
      expect(broken(verdicts)).toEqual([]);
      expect(verdicts.length).toBeGreaterThan(10);
      expect(run.code).toBe(0);
      expect(readFileSync(join(run.out, 'report.html'), 'utf8')).toContain('<html');
    }
  });

  // The seed's leaders are struck while their writes are held, and 30 s have switches enough for queries to meet one.
  test.each<Mutated>([
    ['fence', 16, 'stale-term writes accepted'],
    ['journal', 16, 'journals that wrote'],
    ['pin', 30, 'failed queries'],
  ])(
    'notices that the rule "%s" is taken out: in %i s, by the verdict "%s"',
    async (mutation, seconds, meant) => {
      const { told, code } = await chaos(
        ...['--seconds', String(seconds), '--seed', String(MUTATED_SEED), '--mutation', mutation],
      );
      const { verdicts } = told();
      reportLine(`chaos without the rule "${mutation}": ${broken(verdicts).join('; ').slice(0, 200)}`);
      expect(verdicts.filter(({ holds }) => !holds).map(({ name }) => name)).toContain(meant);
      expect(code).toBe(1);
    },
  );

  test.each<[string, readonly string[]]>([
    ['--seconds is "0"; give a whole number from 5 to 1800', ['--seconds', '0']],
    ['--coordination is "etcd"; give sqlite or redis', ['--coordination', 'etcd']],
    ['--mutation is "luck"; give fence or journal or pin', ['--mutation', 'luck']],
  ])('says what is wrong: %s', async (message, args) => {
    const { code, stderr } = await chaos(...args);
    expect(stderr).toBe(`chaos: ${message}\n`);
    expect(code).toBe(2);
  });
});
