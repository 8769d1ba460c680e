import { pino } from 'pino';
import { type EngineMock, startEngineMock } from '../engine-mock.js';
import { EngineMockError } from '../engine-mock-error.js';
import type { Logger } from '../logger.js';
import { banner } from './banner.js';
import type { Settings } from './settings.js';

/** Signals that end the app in good order; further ones change nothing, since the end has a bound. */
const STOP_SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/** Begins a switch. SIGUSR1 belongs to Node's inspector. */
const SWITCH_SIGNAL = 'SIGUSR2';

/**
 * Starts the engine and serves until a signal. What people and scripts read goes to stdout, the log (JSON) to stderr.
 */
export async function run(settings: Settings): Promise<void> {
  const logger = pino({ level: settings.logLevel, base: null }, pino.destination({ dest: 2, sync: true }));
  const engine = await startEngineMock({ ...settings.options, logger });
  let stopping = false;
  for (const signal of STOP_SIGNALS) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      logger.info({ signal }, 'the engine stops');
      engine.close().then(
        () => process.exit(0),
        (error: unknown) => {
          logger.fatal({ err: error }, 'the engine could not be closed in good order');
          process.exit(1);
        },
      );
    });
  }
  process.on(SWITCH_SIGNAL, () => switchBySignal(engine, logger));
  process.stdout.write(greeting(engine, settings));
}

function switchBySignal(engine: EngineMock, logger: Logger): void {
  try {
    engine.switch();
  } catch (error) {
    if (!(error instanceof EngineMockError)) throw error;
    logger.warn({ err: error }, 'a signal asked for a switch that is not possible');
  }
}

/** The banner, or for scripts one line each for the addresses and, if it is new, the token. */
function greeting(engine: EngineMock, settings: Settings): string {
  if (settings.welcome) {
    const colour = process.stdout.isTTY === true && !process.env['NO_COLOR'];
    return banner(engine, settings, colour);
  }
  const token = settings.tokenIsNew ? `admin token ${engine.adminToken}\n` : '';
  return `engine-mock listens on ${engine.address}, admin on ${engine.adminUrl}\n${token}`;
}
