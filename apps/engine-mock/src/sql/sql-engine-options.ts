import { EngineMockError } from '../engine-mock-error.js';

/** How the SQL engine stores its data and hands out rows. */
export interface SqlEngineOptions {
  /** Folder of the database files; it is made where missing. Left out: a temporary folder, removed on `close`. */
  readonly dataDir?: string | undefined;
  /** Most rows of a batch, 1 to 1,000,000 (default 8,192). */
  readonly batchRows?: number | undefined;
  /** Size in bytes that a batch of more than one row stays below, 1 to 67,108,864 (default 1,048,576). */
  readonly batchBytes?: number | undefined;
}

/** Where a batch ends. */
export interface BatchLimits {
  readonly batchRows: number;
  readonly batchBytes: number;
}

export const DEFAULT_BATCH_ROWS = 8_192;
export const DEFAULT_BATCH_BYTES: number = 1024 * 1024;

const MAX_BATCH_ROWS = 1_000_000;
const MAX_BATCH_BYTES: number = 64 * 1024 * 1024;

/** All options with their defaults, checked. @throws EngineMockError `INVALID_OPTION`. */
export function resolveSqlEngineOptions(
  options: SqlEngineOptions,
): BatchLimits & { readonly dataDir: string | undefined } {
  return Object.freeze({
    dataDir: options.dataDir,
    batchRows: whole('batchRows', options.batchRows ?? DEFAULT_BATCH_ROWS, MAX_BATCH_ROWS),
    batchBytes: whole('batchBytes', options.batchBytes ?? DEFAULT_BATCH_BYTES, MAX_BATCH_BYTES),
  });
}

function whole(name: string, value: number, max: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= max) return value;
  throw new EngineMockError(
    'INVALID_OPTION',
    `${name} is ${value}; it must be a whole number from 1 to ${max}`,
  );
}
