import { parseArgs } from 'node:util';
import { DevError } from './dev-error.js';

/** What the command line says. */
export interface Options {
  readonly fresh: boolean;
  readonly help: boolean;
}

export const HELP = `Usage: pnpm dev [--fresh] [--help]

Builds, then runs the whole stack on this machine: a cluster of three nodes (cluster-sim), a query engine with a blue
and a green deployment (engine-mock), and three workers (job work), one of which leads. Ctrl-C ends all of it.

Options:
  --fresh     empty the data folder first; refused where something else lies in it
  -h, --help  show this

Environment, beside what the programs read themselves:
  HOLDFAST_DATA         folder of all files (.holdfast)
  COORDINATION_URL      where the workers coordinate, as redis://127.0.0.1:6379 (an SQLite file in the folder)
  HOLDFAST_ADMIN_TOKEN  secret of the admin endpoints (made up and shown)
  HOLDFAST_LEASE_MS     how long a dead leader is waited for (5000)
  RANDOM_BEHAVIOR       chance that a node fails a call, 0 to 1 (0.2)
  CLUSTER_PORT, ENGINE_PORT, ENGINE_ADMIN_PORT   ports (8080, 50051, 50052; 0 takes a free one)
  HOLDFAST_WORKER_PORT  port of the first worker's /healthz and /metrics; the next two follow (free ones)
  HOLDFAST_LOG_LEVEL    error, warn, info or debug (info)
  CLUSTER_DATA, ENGINE_DATA, HOLDFAST_JOURNAL, HOLDFAST_NODES, HOLDFAST_ENGINE   as in each program's --help

Exit codes: 0 stopped by a signal, 1 could not start or a server died, 2 wrong usage.
`;

/** @throws DevError that names what is not known. */
export function readOptions(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      // pnpm hands on the -- that other package managers want before a script's own flags.
      args: args.filter((arg) => arg !== '--'),
      options: { fresh: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
    return { fresh: values.fresh ?? false, help: values.help ?? false };
  } catch (error) {
    throw new DevError(`${error instanceof Error ? error.message : String(error)} (--help lists all)`);
  }
}
