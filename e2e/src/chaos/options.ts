import { randomInt } from 'node:crypto';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Coordination, MUTATIONS, type Mutation } from './history/history.js';

/** What a run is asked to be. */
export interface Options {
  readonly seconds: number;
  readonly seed: number;
  readonly coordination: Coordination;
  readonly mutation: Mutation | null;
  /** Absolute path of the folder for history and report. */
  readonly out: string;
  readonly json: boolean;
  readonly help: boolean;
}

/** Shortest and longest load in s; a longer one would leave more texts than the engine counts. */
const SECONDS: readonly [number, number] = [5, 1_800];
const USUAL_SECONDS = 60;
const SEEDS = 2 ** 32;
const COORDINATIONS: readonly Coordination[] = ['sqlite', 'redis'];

export const HELP = `Usage: pnpm chaos [options]

Starts the whole stack from the built programs, loads it, lets everything around it fail, heals it, and judges
whether every promise was kept.

  --seconds <n>          how long it is loaded and struck, ${SECONDS.join(' to ')} (default ${USUAL_SECONDS})
  --seed <n>             of all choices, 0 to ${SEEDS - 1} (default: drawn and printed)
  --coordination <kind>  sqlite or redis, which needs a redis-server in the path (default sqlite)
  --out <folder>         for history.json and report.html (default .holdfast/chaos/<coordination>-<seed>)
  --mutation <rule>      takes a rule out of the code, to see that it is noticed: ${MUTATIONS.join(', ')}
  --json                 the verdicts as one line of JSON
  --help                 this text

Exit codes: 0 every verdict holds, 1 one does not, 2 wrong usage, 3 the run could not be carried out,
130 and 143 ended by SIGINT and SIGTERM.
`;

/** Says what is wrong with the command line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws UsageError that names option, value and what it may be. */
export function readOptions(args: readonly string[], cwd: string): Options {
  const { values } = parse(args);
  const coordination = choice('--coordination', values.coordination, COORDINATIONS) ?? 'sqlite';
  const seed = whole('--seed', values.seed, [0, SEEDS - 1]) ?? randomInt(SEEDS);
  const out = values.out ?? path.join('.holdfast', 'chaos', `${coordination}-${seed}`);
  return {
    coordination,
    seed,
    out: path.resolve(cwd, out),
    seconds: whole('--seconds', values.seconds, SECONDS) ?? USUAL_SECONDS,
    mutation: choice('--mutation', values.mutation, MUTATIONS) ?? null,
    json: values.json ?? false,
    help: values.help ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        seconds: { type: 'string' },
        seed: { type: 'string' },
        coordination: { type: 'string' },
        out: { type: 'string' },
        mutation: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error}; see --help`);
  }
}

function whole(
  name: string,
  text: string | undefined,
  [least, most]: readonly [number, number],
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new UsageError(`${name} is ${JSON.stringify(text)}; give a whole number from ${least} to ${most}`);
}

function choice<T extends string>(
  name: string,
  text: string | undefined,
  choices: readonly T[],
): T | undefined {
  if (text === undefined) return undefined;
  const found = choices.find((one) => one === text);
  if (found !== undefined) return found;
  throw new UsageError(`${name} is ${JSON.stringify(text)}; give ${choices.join(' or ')}`);
}
