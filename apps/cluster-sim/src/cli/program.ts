import { Command } from 'commander';
import { EXTENSIONS } from '../extensions.js';
import {
  DEFAULT_DATA_DIR,
  DEFAULT_HOST,
  DEFAULT_MAX_BODY_BYTES,
  DEFAULT_MAX_ID_BYTES,
  DEFAULT_NODES,
  DEFAULT_PORT,
} from '../options.js';
import { DEFAULT_RANDOM_BEHAVIOR, type Flags } from './settings.js';

const EXAMPLES = `
A flag wins over the environment, the environment over the config file. Lists are separated by commas.
The admin token is read from HOLDFAST_ADMIN_TOKEN; without it one is generated and printed once.

Examples:
  cluster-sim --welcome
  cluster-sim --port 0 --data /tmp/cluster --random-behavior 0
  cluster-sim --node-ports node01=8081,node02=8082,node03=8083
  cluster-sim --faults '{"errorBefore": 0.1, "lostReply": 0.05, "nodes": {"node02": {"down": true}}}'

Exit codes: 0 stopped by a signal, 1 could not start, 2 wrong usage.`;

/** The command line. `action` gets the flags as they were typed. */
export function createProgram(action: (flags: Flags) => Promise<void>): Command {
  return new Command('cluster-sim')
    .description('N simulated cluster nodes over HTTP, each in its own SQLite file, with faults on demand.')
    .option(
      '-p, --port <number>',
      `port that all nodes share, 0 takes a free one (CLUSTER_PORT, ${DEFAULT_PORT})`,
    )
    .option('--host <address>', `address to listen on (CLUSTER_HOST, ${DEFAULT_HOST})`)
    .option('-d, --data <folder>', `folder of the databases and the log (CLUSTER_DATA, ${DEFAULT_DATA_DIR})`)
    .option('--nodes <names>', `names of the nodes (${DEFAULT_NODES.join(',')})`)
    .option('--node-ports [ports]', 'a port of its own for each node, free or as node01=8081,… (off)')
    .option('-x, --extensions <list>', `on, off or some of ${EXTENSIONS.join(',')} (CLUSTER_EXTENSIONS, on)`)
    .option(
      '-r, --random-behavior <rate>',
      `chance of an own error before the work, 0 to 1 (RANDOM_BEHAVIOR, ${DEFAULT_RANDOM_BEHAVIOR})`,
    )
    .option('--faults <json>', 'a whole fault plan; --random-behavior sets its errorBefore')
    .option('--seed <text>', 'seed of the fault dice (drawn and shown)')
    .option('--max-body-bytes <number>', `largest request body (${DEFAULT_MAX_BODY_BYTES})`)
    .option('--max-id-bytes <number>', `longest group id (${DEFAULT_MAX_ID_BYTES})`)
    .option('-c, --config <file>', 'JSON file of options, see the README')
    .option(
      '--log-level <level>',
      'trace, debug (one line per request), info, warn, error, fatal, silent (info)',
    )
    .option('--welcome', 'print addresses and what to try next; the log level is warn then')
    .addHelpText('after', EXAMPLES)
    .allowExcessArguments(false)
    .exitOverride()
    .action((flags: Flags) => action(flags));
}
