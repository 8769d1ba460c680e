import type { Command } from 'commander';
import type { EngineFlags } from '../config/engine-settings.js';
import type { IdFlags } from '../ids/id-source.js';
import type { JobHost } from '../job-host.js';
import { editWanted, places } from '../query/edit-wanted.js';
import { withEngine, withIdSources } from './arguments.js';

/** `job want`: adds ids to what the workers make true. */
export function registerWant(program: Command, host: JobHost): void {
  withEngine(withIdSources(program.command('want')))
    .description('want groups: the leading worker creates them on all nodes')
    .action(
      async (named: string[], flags: IdFlags & EngineFlags, command: Command): Promise<void> =>
        host.run(command, (run) =>
          editWanted(
            run,
            {
              operation: 'want',
              sql: (count) =>
                `INSERT OR IGNORE INTO desired_groups (group_id) VALUES ${places(count, '(?)')}`,
              unchanged: 'wanted already',
            },
            { named, flags },
          ),
        ),
    );
}
