import type { ReliableConnector } from '@holdfast/reliable-connector';
import { requireNodes } from '../connector/require-nodes.js';
import { withConnector } from '../connector/with-connector.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { IdSource } from '../ids/id-source.js';
import type { Run } from '../job-host.js';
import { itemLine, itemText, nodeTexts, summaryLine, summaryText } from '../output/item-lines.js';
import { noProgress, type Progress, startProgressBar } from '../output/progress.js';
import { finishOnInterrupt } from './finish-on-interrupt.js';
import { type ItemReport, isDone } from './item-report.js';
import { type ItemJob, runItem } from './run-item.js';
import { runPool } from './run-pool.js';
import { Tally } from './tally.js';

/** What is done to which ids. */
export interface BulkJob extends ItemJob {
  readonly source: IdSource;
  /** Items at work at once. */
  readonly concurrency: number;
  /** Tells what is known of each node, and leaves the summary out: for a single item (default false). */
  readonly single?: boolean;
}

/**
 * Works through the ids, tells of each, and sums up. Interrupted, it begins nothing new and leaves nothing untold.
 *
 * @throws JobError `NODES_UNREACHABLE` before anything is begun; what the opening of the connector throws.
 */
export async function runBulk(run: Run, job: BulkJob): Promise<ExitCode> {
  await requireNodes(run);
  return withConnector(run, { recovers: true }, async (connector, adopted) => {
    const { io, output } = run;
    const started = io.clock.monotonic();
    const tally = await workThrough(run, job, connector);
    const interrupted = io.signal.aborted;
    const summary = summaryLine(tally, {
      operation: job.operation,
      notBegun: job.source.total === null ? null : job.source.total - tally.total,
      adopted: adopted(),
      interrupted,
      ms: Math.round(io.clock.monotonic() - started),
      exitCode: interrupted ? EXIT.interrupted : tally.exitCode,
    });
    output.object(summary);
    if (job.single !== true && !output.quiet) {
      output.text(...summaryText(summary, tally.describe(), output.out));
    }
    if (interrupted) output.warn('interrupted; nothing is lost, "job recover" ends what was begun');
    return summary.exitCode;
  });
}

async function workThrough(run: Run, job: BulkJob, connector: ReliableConnector): Promise<Tally> {
  const { io, output } = run;
  const tally = new Tally();
  const progress = startProgress(run, job);
  const stop = new AbortController();
  // The terminal is put in order at the first interruption: a second one exits without another chance.
  io.signal.addEventListener('abort', progress.stop, { once: true });
  const stopListening = finishOnInterrupt(run, connector);
  try {
    await runPool({
      items: job.source.ids,
      concurrency: job.concurrency,
      signal: AbortSignal.any([io.signal, stop.signal]),
      work: (groupId) => runItem(groupId, job, { connector, clock: io.clock, signal: io.signal }),
      finished: async (item) => {
        tally.add(item);
        // A stopped journal takes nothing more: the rest would only fail as well.
        if (item.error?.code === 'JOURNAL_STOPPED') stop.abort();
        tellItem(run, item, { single: job.single ?? false, besideBar: progress !== noProgress });
        progress.update({ done: tally.total, counts: tally.describe() });
        await output.drained(io.signal);
      },
    });
  } finally {
    stopListening();
    io.signal.removeEventListener('abort', progress.stop);
    progress.stop();
  }
  return tally;
}

function startProgress({ io, output }: Run, job: BulkJob): Progress {
  const terminal = io.stderr.isTTY === true && io.stdout.isTTY === true;
  if (!terminal || output.json || output.quiet || output.verbose || job.single === true) return noProgress;
  return startProgressBar(io.stderr, io.clock, { title: job.operation, total: job.source.total });
}

/** Beside a bar, and with `--quiet`, only what went wrong is told; else every item is a line. */
function tellItem(
  { output }: Run,
  item: ItemReport,
  how: { readonly single: boolean; readonly besideBar: boolean },
): void {
  output.object(itemLine(item));
  if ((output.quiet || how.besideBar) && isDone(item.status)) return;
  // The bar stands on this line and is drawn again below it.
  const clear = how.besideBar ? '\r\u001b[K' : '';
  output.text(`${clear}${itemText(item, output.out)}`);
  if (how.single && !output.quiet) output.text(...nodeTexts(item, output.out));
}
