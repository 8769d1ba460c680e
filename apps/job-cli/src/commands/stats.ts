import type { Command } from 'commander';
import { withConnector } from '../connector/with-connector.js';
import { EXIT } from '../exit-codes.js';
import type { JobHost } from '../job-host.js';

/** Ms that the nodes get to answer. */
const STATS_DEADLINE_MS = 10_000;

/** `job stats`: the origin's line, whether all nodes hold the same ids and how many each. */
export function registerStats(program: Command, host: JobHost): void {
  program
    .command('stats')
    .description('show whether all nodes hold the same ids, and how many each')
    .action(
      async (_flags: object, command: Command): Promise<void> =>
        host.run(command, (run) =>
          withConnector(run, {}, async (connector) => {
            const { consistent, counts } = await connector.stats({
              deadlineMs: STATS_DEADLINE_MS,
              signal: run.io.signal,
            });
            run.output.text(`[${consistent}, ${JSON.stringify(counts)}]`);
            run.output.object({ type: 'stats', consistent, counts });
            return consistent ? EXIT.done : EXIT.incomplete;
          }),
        ),
    );
}
