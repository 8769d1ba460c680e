import { DataFolder } from './data-folder.js';
import { DevError } from './dev-error.js';
import { HELP, type Options, readOptions } from './options.js';
import { readSettings, type Settings } from './settings.js';
import { Stack } from './stack.js';
import { watchStarters } from './starters.js';

/** A terminal that is closed ends the stack as well. */
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ms in which a second signal is the first one, which came by another way too: the package manager hands it on. */
const SAME_MS = 500;

process.exitCode = await main();

async function main(): Promise<number> {
  let options: Options;
  let settings: Settings;
  try {
    options = readOptions(process.argv.slice(2));
    settings = readSettings(process.env, process.cwd());
  } catch (error) {
    return failure(error, 2);
  }
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  try {
    await run(settings, DataFolder.claim(settings, options.fresh));
    return 0;
  } catch (error) {
    return failure(error, 1);
  }
}

async function run(settings: Settings, folder: DataFolder): Promise<void> {
  const { env, stdout } = process;
  const stack = new Stack({
    settings,
    folder,
    cwd: process.cwd(),
    colour: stdout.isTTY === true && !env['NO_COLOR'],
    write: (text) => void stdout.write(text),
  });
  const stop = new AbortController();
  let begun = 0;
  for (const signal of STOP_SIGNALS) {
    process.on(signal, () => {
      const again = stop.signal.aborted && performance.now() - begun > SAME_MS;
      if (again && signal !== 'SIGHUP') return stack.kill();
      if (stop.signal.aborted) return;
      begun = performance.now();
      stop.abort();
    });
  }
  // A reader that went away (`pnpm dev | head`) ends the stack in good order.
  stdout.on('error', () => stop.abort());
  const unwatch = watchStarters(env, () => stop.abort());
  await stack.run(stop.signal);
  unwatch();
}

function failure(error: unknown, code: number): number {
  if (!(error instanceof DevError)) throw error;
  process.stderr.write(`dev: ${error.message}\n`);
  return code;
}
