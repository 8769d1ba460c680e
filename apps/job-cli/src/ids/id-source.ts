import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { JobError } from '../job-error.js';
import { linesOf } from './lines.js';

/** How the ids of a bulk command were given on the command line. */
export interface IdFlags {
  readonly from?: string;
  readonly to?: string;
  /** Comma-separated. */
  readonly ids?: string;
  /** A path, or `-` for standard input. */
  readonly file?: string;
}

/** The ids to work on, and how many there are; null: not known before the end. */
export interface IdSource {
  readonly ids: Iterable<string> | AsyncIterable<string>;
  readonly total: number | null;
}

/** The origin's range. */
const DEFAULT_FROM = 0;
const DEFAULT_TO = 99;

/**
 * Decides which ids a bulk command works on: those named, or a file's lines, or a range (0 to 99 by default). An id
 * that is given twice is worked on twice. Whether an id is usable is the connector's to say, item by item.
 *
 * @throws JobError when two ways are mixed, a range is empty, or the file cannot be read.
 */
export async function resolveIds(
  named: readonly string[],
  flags: IdFlags,
  io: { readonly stdin: AsyncIterable<Uint8Array | string>; readonly cwd: string },
): Promise<IdSource> {
  const fromStdin = named.length === 1 && named[0] === '-';
  const ways = [
    named.length > 0 ? (fromStdin ? '-' : 'ids as arguments') : null,
    flags.ids === undefined ? null : '--ids',
    flags.file === undefined ? null : '--file',
    flags.from === undefined && flags.to === undefined ? null : '--from/--to',
  ].filter((way) => way !== null);
  if (ways.length > 1) {
    throw new JobError('USAGE', `${ways.join(' and ')} were given together`, {
      remedy: 'Name the ids in one way only.',
    });
  }
  if (fromStdin || flags.file === '-') return { ids: linesOf(io.stdin), total: null };
  if (flags.file !== undefined) return known(await fileLines(path.resolve(io.cwd, flags.file)));
  if (flags.ids !== undefined) return known(splitIds(flags.ids));
  if (named.length > 0) return known(named);
  return range(flags.from, flags.to);
}

/** Splits a comma-separated list; blanks around an id do not belong to it. */
export function splitIds(text: string): readonly string[] {
  const ids = text
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
  if (ids.length > 0) return ids;
  throw new JobError('USAGE', `--ids is ${JSON.stringify(text)}, which names no id`, {
    remedy: 'Separate them by commas, as --ids 1,2,3.',
  });
}

function known(ids: readonly string[]): IdSource {
  return { ids, total: ids.length };
}

async function fileLines(file: string): Promise<readonly string[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new JobError('FILE', `--file ${file} cannot be read: ${String(cause)}`, {
      remedy: 'Give a file with one id per line, or - for standard input.',
      cause,
    });
  }
  return text.split(/\r?\n/).filter((line) => line !== '');
}

function range(from: string | undefined, to: string | undefined): IdSource {
  const first = bound('--from', from ?? String(DEFAULT_FROM));
  const last = bound('--to', to ?? String(DEFAULT_TO));
  if (first > last) {
    throw new JobError('USAGE', `the range from ${first} to ${last} is empty`, {
      remedy: `Both ends belong to it; the defaults are --from ${DEFAULT_FROM} and --to ${DEFAULT_TO}.`,
    });
  }
  return { ids: count(first, last), total: last - first + 1 };
}

function bound(flag: string, text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new JobError('USAGE', `${flag} is ${JSON.stringify(text)}; give a whole number from 0`);
}

function* count(first: number, last: number): Generator<string> {
  for (let id = first; id <= last; id++) yield String(id);
}
