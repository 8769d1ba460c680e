import { setMaxListeners } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { watchStarters } from '../../../tooling/dev/starters.js';
import { closingTable } from './closing-table.js';
import type { History, Verdict } from './history/history.js';
import { judge } from './judges/judge.js';
import { HELP, type Options, readOptions, UsageError } from './options.js';
import { Progress } from './progress.js';
import { Recorder } from './recorder.js';
import { renderReport } from './report/report.js';
import { runChaos } from './run.js';

const EXIT = { holds: 0, broken: 1, usage: 2, impossible: 3 } as const;
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
/** What of a run with a broken verdict is of use afterwards. */
const KEPT = /^(logs|journal\.db.*|cluster)$/;

const exitCode = await main();
process.stderr.write('', () => process.stdout.write('', () => process.exit(exitCode)));

async function main(): Promise<number> {
  let options: Options;
  try {
    options = readOptions(process.argv.slice(2), process.cwd());
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`chaos: ${error.message}\n`);
    return EXIT.usage;
  }
  if (options.help) {
    process.stdout.write(HELP);
    return EXIT.holds;
  }
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  let code: number = EXIT.broken;
  for (const [signal, itsCode] of Object.entries(SIGNALS)) {
    process.on(signal, () => {
      code = itsCode;
      stop.abort(new Error(`ended by ${signal}`));
    });
  }
  // A reader that went away (`pnpm chaos | head`) ends the run in good order.
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', () => stop.abort(new Error('nobody reads any more')));
  const unwatch = watchStarters(process.env, () => stop.abort(new Error('who started it is gone')));
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-chaos-'));
  let keep = false;
  try {
    const isGood = await oneRun(options, folder, stop.signal);
    keep = !isGood && options.mutation === null;
    return isGood ? EXIT.holds : EXIT.broken;
  } catch (error) {
    if (stop.signal.aborted) return code;
    keep = true;
    process.stderr.write(`chaos: the run could not be carried out: ${describe(error)}\n`);
    return EXIT.impossible;
  } finally {
    unwatch();
    tidy(folder, keep);
  }
}

async function oneRun(options: Options, folder: string, signal: AbortSignal): Promise<boolean> {
  const { seed, seconds, coordination, mutation, json } = options;
  const recorder = new Recorder();
  process.stderr.write(
    `chaos: seed ${seed}, ${seconds} s on ${coordination}${mutation === null ? '' : `, without the rule "${mutation}"`}\n`,
  );
  const progress = new Progress({ stream: process.stderr, recorder });
  let history: History;
  try {
    history = await runChaos({ options, folder, recorder, progress }, signal);
  } finally {
    progress.stop();
  }
  const verdicts = judge(history);
  const files = write(options.out, history, verdicts);
  const holds = verdicts.every((verdict) => verdict.holds);
  if (json)
    process.stdout.write(
      `${JSON.stringify({ seed, seconds, coordination, mutation, holds, verdicts, ...files })}\n`,
    );
  else {
    process.stdout.write(closingTable(verdicts, process.stdout.isTTY === true && !process.env['NO_COLOR']));
    process.stdout.write(`\nseed     ${seed}\nhistory  ${files.history}\nreport   ${files.report}\n`);
  }
  return holds;
}

function write(
  out: string,
  history: History,
  verdicts: readonly Verdict[],
): { readonly history: string; readonly report: string } {
  mkdirSync(out, { recursive: true });
  const files = { history: path.join(out, 'history.json'), report: path.join(out, 'report.html') };
  writeFileSync(files.history, `${JSON.stringify({ ...history, verdicts })}\n`);
  writeFileSync(files.report, renderReport(history, verdicts));
  return files;
}

function tidy(folder: string, keep: boolean): void {
  if (!keep) {
    rmSync(folder, { recursive: true, force: true });
    return;
  }
  for (const name of readdirSync(folder)) {
    if (!KEPT.test(name)) rmSync(path.join(folder, name), { recursive: true, force: true });
  }
  process.stderr.write(`chaos: logs, journal and the cluster's files are kept in ${folder}\n`);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
