import { Command } from 'commander';
import {
  DEFAULT_ADMIN_PORT,
  DEFAULT_ANNOUNCE_MS,
  DEFAULT_DRAIN_MS,
  DEFAULT_HOST,
  DEFAULT_PASSWORD,
  DEFAULT_PORT,
  DEFAULT_RESUME_DELAY_MS,
  DEFAULT_USER,
} from '../options.js';
import { DEFAULT_BATCH_BYTES, DEFAULT_BATCH_ROWS } from '../sql/sql-engine-options.js';
import { LOG_LEVELS } from './log-level.js';
import type { Flags } from './settings.js';

const EXAMPLES = `
A flag wins over the environment. A duration is 250ms, 30s, 2m, 1h, or a number of ms.
SIGUSR2 begins a switch, and during one the way back. SIGTERM and SIGINT end the app in good order.
The admin token is read from HOLDFAST_ADMIN_TOKEN; without it one is generated and printed once.

Examples:
  engine-mock --welcome
  engine-mock --switch-every 120s --announce 5s --drain 30s
  engine-mock --port 0 --admin-port 0 --data .holdfast/engine --error-form grpc
  engine-mock --announce-before-accept --lenient-sessions
  engine-mock --faults '[{"kind": "delay", "rpc": "getNextResultBatch", "delayMs": 200, "rate": 0.1}]'
  engine-mock --tls-cert server.crt --tls-key server.key --tls-ca clients.crt

Exit codes: 0 stopped by a signal, 1 could not start, 2 wrong usage.`;

/** The command line. `action` gets the flags as they were typed. */
export function createProgram(action: (flags: Flags) => Promise<void>): Command {
  return new Command('engine-mock')
    .description(
      'A router with a blue and a green query engine behind it: real SQL over gRPC, and switches on demand.',
    )
    .option('-p, --port <number>', `port for gRPC, 0 takes a free one (ENGINE_PORT, ${DEFAULT_PORT})`)
    .option('--admin-port <number>', `port of the admin over HTTP (ENGINE_ADMIN_PORT, ${DEFAULT_ADMIN_PORT})`)
    .option('--host <address>', `address to listen on (ENGINE_HOST, ${DEFAULT_HOST})`)
    .option('-d, --data <folder>', 'folder of the databases (ENGINE_DATA, a temporary one)')
    .option('--user <name>', `the one user (ENGINE_USER, ${DEFAULT_USER})`)
    .option('--password <text>', `its password; better in ENGINE_PASSWORD (${DEFAULT_PASSWORD})`)
    .option(
      '--refusal <form>',
      'how a wrong password is answered: unauthenticated or access-denied (unauthenticated)',
    )
    .option('--cluster-name <name>', 'name that the cluster-name header must have, where there is one (any)')
    .option('--active <colour>', 'colour that serves at the start: blue or green (blue)')
    .option('--switch-every <duration>', 'switch by itself (off)')
    .option('--announce <duration>', `how long a switch is announced (${DEFAULT_ANNOUNCE_MS}ms)`)
    .option('--drain <duration>', `how long running queries may go on after that (${DEFAULT_DRAIN_MS}ms)`)
    .option('--announce-before-accept', 'the new colour answers 456 while it is announced')
    .option('--lenient-sessions', 'each colour accepts the sessions of the other')
    .option(
      '--error-form <form>',
      'how 456 is said: http, a bare status, or grpc, UNKNOWN with its text (http)',
    )
    .option('--suspended', 'start suspended: 503 until a resume')
    .option('--resume-delay <duration>', `how long a resume takes (${DEFAULT_RESUME_DELAY_MS}ms)`)
    .option('--resume-fails', 'a resume ends in failed')
    .option('--faults <json>', 'rules of faults, see the README')
    .option('--seed <text>', 'seed of the dice and ids (drawn and logged)')
    .option('--batch-rows <number>', `most rows of a batch (${DEFAULT_BATCH_ROWS})`)
    .option('--batch-bytes <number>', `size that a batch stays below (${DEFAULT_BATCH_BYTES})`)
    .option('--tls-cert <file>', 'certificate of the gRPC port in PEM; switches TLS on, with --tls-key')
    .option('--tls-key <file>', 'its private key in PEM')
    .option('--tls-ca <file>', 'certificates in PEM that must have signed those of clients (none asked for)')
    .option('--log-level <level>', `${LOG_LEVELS.join(', ')} (info)`)
    .option('--welcome', 'print addresses and what to try next; the log level is warn then')
    .addHelpText('after', EXAMPLES)
    .allowExcessArguments(false)
    .exitOverride()
    .action((flags: Flags) => action(flags));
}
