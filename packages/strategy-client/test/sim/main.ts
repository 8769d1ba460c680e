import { parseArgs } from 'node:util';
import { runSeed } from './run-seed.js';

const HELP = `Usage: node --import tsx --conditions=@holdfast/source packages/strategy-client/test/sim/main.ts [options]

Runs the query client in a simulated world: virtual time, a network that reorders and loses. Each seed is one world.

  --seed N       replay one seed; prints its bounds, what happened, and what was broken
  --seeds A..B   a range of seeds (default 1..1000)
  --help         this text

Exit code 1: an invariant was broken.
`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '1..1000' },
    help: { type: 'boolean', default: false },
  },
});

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function replay(seed: number): Promise<void> {
  const { config, trace, violations, outcomes } = await runSeed(seed);
  print(JSON.stringify(config));
  for (const [at, line] of trace.entries()) {
    print(`${String(at + 1).padStart(4)}  ${line}`);
    for (const violation of violations)
      if (violation.at === at + 1) print(`      VIOLATION ${violation.text}`);
  }
  print(`outcomes: ${outcomes.join(', ')}; ${violations.length} violations`);
  if (violations.length > 0) process.exitCode = 1;
}

async function range(text: string): Promise<void> {
  const [from = 1, to = from] = text.split('..').map(Number);
  let broken = 0;
  for (let seed = from; seed <= to; seed++) {
    const [first] = (await runSeed(seed)).violations;
    if (first === undefined) continue;
    broken++;
    print(`seed ${seed}: ${first.text}`);
  }
  print(`${to - from + 1} seeds, ${broken} with a violation`);
  if (broken > 0) process.exitCode = 1;
}

if (values.help) print(HELP);
else if (values.seed !== undefined) await replay(Number(values.seed));
else await range(values.seeds);
