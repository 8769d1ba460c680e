import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { type Command, Option } from 'commander';
import { pino } from 'pino';
import type { CoordinationFlags } from '../config/coordination-settings.js';
import type { EngineFlags } from '../config/engine-settings.js';
import { openEngine } from '../engine/open-engine.js';
import { sharedStrategy } from '../engine/shared-strategy.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { JobError } from '../job-error.js';
import type { JobHost, Run } from '../job-host.js';
import { programVersion } from '../program-version.js';
import { resolveWorkerSettings, type WorkerFlags } from '../worker/worker-settings.js';
import { duration, wholeNumber, withCoordination, withEngine } from './arguments.js';

type WorkFlags = WorkerFlags & CoordinationFlags & EngineFlags;

/** `job work`: a worker that stands for election, and while it leads makes the cluster hold what is wanted. */
export function registerWork(program: Command, host: JobHost): void {
  withCoordination(withEngine(program.command('work')))
    .description('stand for election, and as leader make the nodes hold exactly the groups that are wanted')
    .option(
      '--id <name>',
      "this worker's name in its group (default: HOLDFAST_WORKER_ID, else one is made up)",
    )
    .addOption(
      new Option(
        '--interval <duration>',
        'pause between two runs (default: HOLDFAST_INTERVAL_MS, else 1s)',
      ).argParser(duration),
    )
    .addOption(
      new Option('--port <n>', 'serve /healthz and /metrics on 127.0.0.1; 0 takes a free port').argParser(
        wholeNumber(0, 65_535),
      ),
    )
    .addOption(
      new Option('--drain-timeout <duration>', 'how long running sagas may take to end when stepping down')
        .argParser(duration)
        .default(10_000, '10s'),
    )
    .addOption(
      new Option('--verify-every <duration>', 'compare all nodes so often, even where nothing looks wrong')
        .argParser(duration)
        .default(300_000, '5m'),
    )
    .addOption(
      new Option('--concurrency <n>', 'items at work at once').argParser(wholeNumber(1, 1_024)).default(16),
    )
    .option('--force', 'also delete records on the nodes that this journal did not write')
    .addHelpText('after', WORK_HELP)
    .action(
      async (flags: WorkFlags, command: Command): Promise<void> =>
        host.run(command, (run) => work(run, flags), { endless: true }),
    );
}

const WORK_HELP = `
All workers of a group use one journal and one coordination backend. SIGTERM or SIGINT ends a worker in good
order: running sagas end, it steps down, leaves the group and exits 0; a second signal ends it at once.
It logs JSON lines to standard error, at HOLDFAST_LOG_LEVEL (default info).`;

async function work(run: Run, flags: WorkFlags): Promise<ExitCode> {
  const { io, output } = run;
  const settings = await run.settings();
  const worker = resolveWorkerSettings(flags, io.env);
  const coordination = await run.coordination(flags);
  const engineSettings = await run.engine(flags);
  const logger = pino(
    { level: worker.logLevel, base: { worker: worker.id } },
    { write: (line: string) => void io.stderr.write(line) },
  );
  // Here and not above: other commands need none of it.
  const { readJournalId } = await import('../worker/open-term-connector.js');
  const { Worker } = await import('../worker/worker.js');
  const { startHealthServer } = await import('../worker/health-server.js');
  const { WorkerMetrics } = await import('../worker/worker-metrics.js');

  if (coordination.file !== null) await makeFolder(path.dirname(coordination.file));
  const journal = await readJournalId(settings.journal);
  const store = await sharedStrategy(coordination.url);
  const engine = await openEngine(engineSettings, { logger, ...(store === undefined ? {} : { store }) });
  const metrics = new WorkerMetrics();
  let member: InstanceType<typeof Worker> | null = null;
  const unborn = { state: 'joining', id: worker.id, journal, coordinated: false, error: null } as const;
  try {
    const server =
      worker.port === null
        ? null
        : await startHealthServer({ port: worker.port, metrics, health: () => member?.health ?? unborn });
    try {
      const facts = {
        pid: process.pid,
        host: hostname(),
        version: programVersion(),
        started: io.clock.now(),
        journal,
        health: server?.url ?? null,
      };
      member = new Worker({
        settings,
        worker,
        coordination,
        facts,
        engine,
        metrics,
        clock: io.clock,
        logger,
      });
      const health = server === null ? '' : `, health at ${server.url}/healthz`;
      output.object({ type: 'worker', id: worker.id, ...facts, coordination: coordination.shown });
      output.text(`worker ${worker.id}: ${coordination.shown}, journal ${settings.journal}${health}`);
      await member.run(io.signal);
      logger.info({}, 'left in good order');
      return EXIT.done;
    } finally {
      await server?.close();
    }
  } finally {
    await engine.close();
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw new JobError(
      'FILE',
      `the folder ${folder} of the coordination file cannot be made: ${String(cause)}`,
      {
        remedy: 'Name another file with --coordination or COORDINATION_URL.',
        cause,
      },
    );
  }
}
