import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseDurationMs } from '../config/parse-duration.js';
import { JobError } from '../job-error.js';

/** Reads a whole number from `least` to `most` of the command line. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };
}

/** Reads a duration of the command line, in ms. */
export function duration(text: string): number {
  try {
    return parseDurationMs(text, 'it');
  } catch (error) {
    if (error instanceof JobError) throw new InvalidArgumentError(error.remedy ?? error.message);
    throw error;
  }
}

/** The number of a saga, as an argument. */
export const sagaNumber: (text: string) => number = wholeNumber(1, Number.MAX_SAFE_INTEGER);

/** Adds the ways in which a command takes ids. */
export function withIdSources(command: Command): Command {
  return command
    .argument('[ids...]', 'the ids, or - to read one per line from standard input')
    .option('--from <n>', 'first id of a range (default: 0)')
    .option('--to <n>', 'last id of a range (default: 99)')
    .option('--ids <list>', 'ids separated by commas')
    .option('--file <path>', 'file with one id per line, or - for standard input');
}

/** Adds the ways in which a bulk command takes its ids, and how many are at work at once. */
export function withIdOptions(command: Command): Command {
  return withIdSources(command).addOption(
    new Option('--concurrency <n>', 'items at work at once').argParser(wholeNumber(1, 1_024)).default(16),
  );
}

/** Adds where the query engine is. Its password is taken from the environment only: a flag can be seen by all users. */
export function withEngine(command: Command): Command {
  return command
    .option('--engine <host:port>', "the query engine's router (default: HOLDFAST_ENGINE)")
    .option('--engine-user <name>', 'who authenticates there (default: HOLDFAST_ENGINE_USER)')
    .option('--engine-tls', 'speak TLS with it; the following files imply it (default: HOLDFAST_ENGINE_TLS)')
    .option('--engine-ca <file>', 'PEM file of certificates to trust (default: HOLDFAST_ENGINE_CA)')
    .option('--engine-cert <file>', "PEM file of this client's certificate (default: HOLDFAST_ENGINE_CERT)")
    .option('--engine-key <file>', 'PEM file of its private key (default: HOLDFAST_ENGINE_KEY)');
}

/** Adds where the engine's admin port is. */
export function withEngineAdmin(command: Command): Command {
  return command.option(
    '--engine-admin <host:port>',
    "the engine's admin port (default: HOLDFAST_ENGINE_ADMIN)",
  );
}

/** Adds where the workers coordinate. */
export function withCoordination(command: Command): Command {
  return command.option(
    '--coordination <url>',
    'where the workers coordinate, as sqlite:PATH or redis://host:port (default: COORDINATION_URL)',
  );
}

/** Adds the bound on one item. */
export function withDeadline(command: Command): Command {
  return command.addOption(
    new Option('--deadline <duration>', 'bound on one item with all its retries')
      .argParser(duration)
      .default(60_000, '60s'),
  );
}

/** Adds the key that makes a repeated call the same saga. */
export function withIdempotencyKey(command: Command): Command {
  return command.option(
    '--idempotency-key <key>',
    'the same key and arguments give the same saga and outcome for 24 h',
  );
}
