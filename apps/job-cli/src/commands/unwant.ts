import type { Command } from 'commander';
import type { EngineFlags } from '../config/engine-settings.js';
import type { IdFlags } from '../ids/id-source.js';
import type { JobHost } from '../job-host.js';
import { editWanted, places } from '../query/edit-wanted.js';
import { withEngine, withIdSources } from './arguments.js';

/** `job unwant`: takes ids from what the workers make true. */
export function registerUnwant(program: Command, host: JobHost): void {
  withEngine(withIdSources(program.command('unwant')))
    .description('want groups no more: the leading worker deletes them from all nodes')
    .action(
      async (named: string[], flags: IdFlags & EngineFlags, command: Command): Promise<void> =>
        host.run(command, (run) =>
          editWanted(
            run,
            {
              operation: 'unwant',
              sql: (count) => `DELETE FROM desired_groups WHERE group_id IN (${places(count, '?')})`,
              unchanged: 'not wanted before',
            },
            { named, flags },
          ),
        ),
    );
}
