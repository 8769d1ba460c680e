import type { Connection } from '@holdfast/strategy-client';
import type { EngineFlags } from '../config/engine-settings.js';
import { withEngineConnection } from '../engine/open-engine.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { type IdFlags, resolveIds } from '../ids/id-source.js';
import { JobError } from '../job-error.js';
import type { Run } from '../job-host.js';
import { printable } from '../output/printable.js';

/** Ids of one statement. */
const BATCH = 500;
/** Longest id in bytes that a node takes. */
const MOST_ID_BYTES = 256;

/** A change of what is wanted. */
export interface WantedEdit {
  readonly operation: 'want' | 'unwant';
  /** The statement for so many ids. */
  readonly sql: (count: number) => string;
  /** How ids are called that were so already, as `wanted already`. */
  readonly unchanged: string;
}

/**
 * Carries a change out, in statements of up to 500 ids. Repeating it is harmless: a lost answer makes the statement run
 * again, and then its ids may be counted as unchanged.
 *
 * @throws JobError where no id is named or one cannot be used.
 */
export async function editWanted(
  run: Run,
  edit: WantedEdit,
  { named, flags }: { readonly named: readonly string[]; readonly flags: IdFlags & EngineFlags },
): Promise<ExitCode> {
  const { io, output } = run;
  if (named.length === 0 && !['from', 'to', 'ids', 'file'].some((name) => name in flags)) {
    throw new JobError('USAGE', 'no id is named', {
      remedy: 'Give ids as arguments, --from and --to, --ids, --file, or - for standard input.',
    });
  }
  const { ids } = await resolveIds(named, flags, io);
  return withEngineConnection(await run.engine(flags), async (connection) => {
    let total = 0;
    let changed = 0;
    for await (const batch of batches(ids)) {
      changed += await apply(connection, edit, batch, io.signal);
      total += batch.length;
      if (io.signal.aborted) break;
    }
    const unchanged = total - changed;
    output.object({
      type: 'summary',
      operation: edit.operation,
      total,
      changed,
      unchanged,
      exitCode: EXIT.done,
    });
    const rest = unchanged === 0 ? '' : `, ${unchanged} ${edit.unchanged}`;
    output.text(`${edit.operation}: ${changed} of ${total} ids changed${rest}`);
    return EXIT.done;
  });
}

async function apply(
  connection: Connection,
  edit: WantedEdit,
  batch: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  const result = await connection.query(edit.sql(batch.length), batch, { idempotent: true, signal });
  const [row] = await result.fetchAll();
  return Number(row?.[0] ?? 0);
}

/** Ids in groups, each checked before it is part of one. */
async function* batches(ids: Iterable<string> | AsyncIterable<string>): AsyncGenerator<readonly string[]> {
  let batch: string[] = [];
  for await (const id of ids) {
    batch.push(checked(id));
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function checked(id: string): string {
  const bytes = Buffer.byteLength(id);
  if (bytes >= 1 && bytes <= MOST_ID_BYTES) return id;
  throw new JobError('USAGE', `the id ${JSON.stringify(printable(id, 40))} has ${bytes} bytes`, {
    remedy: `Give 1 to ${MOST_ID_BYTES} bytes; ids of earlier statements have been changed.`,
  });
}

/** `(?), (?), …` */
export function places(count: number, place: string): string {
  return Array.from({ length: count }, () => place).join(', ');
}
