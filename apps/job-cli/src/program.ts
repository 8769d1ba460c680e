import { Command } from 'commander';
import { registerCompletion } from './commands/completion.js';
import { registerCreate } from './commands/create.js';
import { registerCreateOne } from './commands/create-one.js';
import { registerDelete } from './commands/delete.js';
import { registerDeleteOne } from './commands/delete-one.js';
import { registerJournal } from './commands/journal.js';
import { registerLeader } from './commands/leader.js';
import { registerLocks } from './commands/locks.js';
import { registerMembers } from './commands/members.js';
import { registerParked } from './commands/parked.js';
import { registerPlan } from './commands/plan.js';
import { registerQuery } from './commands/query.js';
import { registerRecover } from './commands/recover.js';
import { registerRepair } from './commands/repair.js';
import { registerResolve } from './commands/resolve.js';
import { registerSagas } from './commands/sagas.js';
import { registerShow } from './commands/show.js';
import { registerStats } from './commands/stats.js';
import { registerStatus } from './commands/status.js';
import { registerStepDown } from './commands/step-down.js';
import { registerSwitch } from './commands/switch.js';
import { registerUnwant } from './commands/unwant.js';
import { registerVerify } from './commands/verify.js';
import { registerWant } from './commands/want.js';
import { registerWork } from './commands/work.js';
import { EXIT_CODES_HELP } from './exit-codes.js';
import type { JobHost } from './job-host.js';
import { programVersion } from './program-version.js';

const AFTER_HELP = `
Nodes:    --nodes, HOLDFAST_NODES, holdfast.config.json, else node01 to node03 at http://127.0.0.1:8080/v1
          (another port by CLUSTER_PORT)
Journal:  --journal, HOLDFAST_JOURNAL, holdfast.config.json, else journal.db in HOLDFAST_DATA or .holdfast
Engine:   --engine, HOLDFAST_ENGINE, holdfast.config.json, else 127.0.0.1:50051 (ENGINE_PORT); HOLDFAST_ENGINE_USER
          and _PASSWORD (holdfast); TLS by HOLDFAST_ENGINE_CA, _CERT, _KEY (PEM files), or HOLDFAST_ENGINE_TLS=on;
          admin: --engine-admin, HOLDFAST_ENGINE_ADMIN, else the same host, ENGINE_ADMIN_PORT (50052), with
          HOLDFAST_ADMIN_TOKEN
Workers:  --coordination, COORDINATION_URL, holdfast.config.json, else coordination.db in HOLDFAST_DATA or .holdfast;
          HOLDFAST_LEASE_MS (5000)

${EXIT_CODES_HELP}

Try:
  job create                 100 groups on all nodes
  job stats                  whether the nodes are equal
  job delete --ensure        and away with them
  job work                   a worker that keeps the nodes as "job want" and "job unwant" say
  job status --watch         workers, engine, wanted and actual groups`;

/** The command line of `job`. Each command is a file in commands/. */
export function createProgram(host: JobHost): Command {
  const { io } = host;
  const program = new Command('job')
    .description('Creates and deletes groups on all nodes of a cluster, or on none.')
    .option('--nodes <name=url,...>', 'the nodes of the cluster')
    .option('--journal <path>', 'the journal, where everything is written down before it is sent')
    .option('--max-server-lag <duration>', 'how long after its sending a request may still take effect')
    .option('--config <file>', 'configuration file (default: holdfast.config.json here, if there is one)')
    .option('--json', 'one JSON object per item, then a summary, on standard output')
    .option('-q, --quiet', 'only results and what went wrong')
    .option('-v, --verbose', 'every attempt and decision on standard error, and stack traces')
    .version(programVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'display help for command')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
    })
    .showHelpAfterError('(job --help, or --help after the command, says more)')
    .exitOverride()
    .addHelpText('after', AFTER_HELP);

  program.commandsGroup('Work:');
  registerCreate(program, host);
  registerDelete(program, host);
  registerCreateOne(program, host);
  registerDeleteOne(program, host);
  registerStats(program, host);
  program.commandsGroup('The stack:');
  registerWork(program, host);
  registerStatus(program, host);
  registerWant(program, host);
  registerUnwant(program, host);
  registerQuery(program, host);
  registerSwitch(program, host);
  registerMembers(program, host);
  registerLeader(program, host);
  registerLocks(program, host);
  registerStepDown(program, host);
  program.commandsGroup('For the operator:');
  registerSagas(program, host);
  registerShow(program, host);
  registerVerify(program, host);
  registerRepair(program, host);
  registerRecover(program, host);
  registerParked(program, host);
  registerResolve(program, host);
  registerPlan(program, host);
  registerJournal(program, host);
  registerCompletion(program, host);
  return program;
}
