import { parseArgs } from 'node:util';
import { printRange, runRange } from './report/range.js';
import { printSeed } from './report/replay.js';

const HELP = `Usage: pnpm sim [options]

Runs the connector in a simulated world: virtual time, faulty nodes, crashes. Each seed is one world, the same each time.

  --seed N          replay one seed; prints what it showed
  --verbose         with --seed: the whole trace
  --seeds A..B      a range of seeds (default 1..200), with the table of paths covered
  --workers N       processes for a range (default 2)
  --help            this text

Exit code 1: an invariant was broken; the seed and the command that replays it are printed.
`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '1..200' },
    workers: { type: 'string', default: '2' },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else if (values.seed !== undefined) await replayOne(values.seed);
else await runMany(values.seeds);

async function replayOne(text: string): Promise<void> {
  const seed = wholeNumber(text);
  if (seed === null) return usage(`--seed ${text} is not a whole number`);
  if (!(await printSeed(seed, values.verbose))) process.exitCode = 1;
}

async function runMany(text: string): Promise<void> {
  const [from, to] = text.split('..').map(wholeNumber);
  const workers = wholeNumber(values.workers);
  if (from == null || to == null || from > to) return usage(`--seeds ${text} is not a range; write 1..200`);
  if (workers === null || workers < 1) return usage(`--workers ${values.workers} is not a number from 1`);
  if (!printRange(await runRange(from, to, workers))) process.exitCode = 1;
}

function wholeNumber(text: string): number | null {
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function usage(message: string): void {
  process.stderr.write(`${message}\n\n${HELP}`);
  process.exitCode = 2;
}
