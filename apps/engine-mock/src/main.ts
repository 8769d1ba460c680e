#!/usr/bin/env node
import { CommanderError } from 'commander';
import { createProgram } from './cli/program.js';
import { run } from './cli/run.js';
import { readSettings } from './cli/settings.js';
import { EngineMockError } from './engine-mock-error.js';

/** Codes that mean a wrong command line or environment. */
const USAGE = new Set(['INVALID_OPTION', 'INVALID_FAULTS']);

try {
  const program = createProgram((flags) => run(readSettings(flags, process.env)));
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // commander has printed its message; --help arrives here with code 0.
    process.exit(error.exitCode === 0 ? 0 : 2);
  }
  if (!(error instanceof EngineMockError)) throw error;
  process.stderr.write(`engine-mock: ${error.message}\n`);
  process.exit(USAGE.has(error.code) ? 2 : 1);
}
