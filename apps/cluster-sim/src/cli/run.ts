import { pino } from 'pino';
import { type ClusterSim, startClusterSim } from '../cluster-sim.js';
import { banner } from './banner.js';
import type { Settings } from './settings.js';

/** Signals that end the app in good order; further ones change nothing, since the end has a bound. */
const STOP_SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Starts the cluster and serves until a signal. What people and scripts read goes to stdout, the log (JSON) to
 * stderr.
 */
export async function run(settings: Settings): Promise<void> {
  const logger = pino({ level: settings.logLevel, base: null }, pino.destination({ dest: 2, sync: true }));
  const cluster = await startClusterSim({ ...settings.options, logger });
  let stopping = false;
  for (const signal of STOP_SIGNALS) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      logger.info({ signal }, 'the cluster stops');
      cluster.close().then(
        () => process.exit(0),
        (error: unknown) => {
          logger.fatal({ err: error }, 'the cluster could not be closed in good order');
          process.exit(1);
        },
      );
    });
  }
  process.stdout.write(greeting(cluster, settings));
}

/** The banner, or for scripts one line each for the address and, if it is new, the token. */
function greeting(cluster: ClusterSim, settings: Settings): string {
  if (settings.welcome) {
    const colour = process.stdout.isTTY === true && !process.env['NO_COLOR'];
    return banner(cluster, settings, colour);
  }
  const token = settings.tokenIsNew ? `admin token ${cluster.adminToken}\n` : '';
  return `cluster-sim listens on ${cluster.url}\n${token}`;
}
