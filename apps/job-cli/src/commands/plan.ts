import { Argument, type Command } from 'commander';
import { withConnector } from '../connector/with-connector.js';
import { EXIT } from '../exit-codes.js';
import type { JobHost } from '../job-host.js';
import { renderTable } from '../output/table.js';

/** `job plan create|delete <groupId>`: the calls that would be made. */
export function registerPlan(program: Command, host: JobHost): void {
  program
    .command('plan')
    .description('show the calls that a create or delete would make; sends nothing')
    .addArgument(new Argument('<operation>', 'what would be done').choices(['create', 'delete']))
    .argument('<groupId>', 'the id')
    .action(
      async (
        operation: 'create' | 'delete',
        groupId: string,
        _flags: object,
        command: Command,
      ): Promise<void> =>
        host.run(command, (run) =>
          withConnector(run, {}, async (connector) => {
            const calls = await connector.plan(operation, groupId);
            for (const call of calls) run.output.object({ type: 'call', ...call });
            run.output.object({ type: 'summary', operation, groupId, calls: calls.length });
            run.output.text(
              ...renderTable(
                ['stage', 'node', 'call', 'headers', 'body', 'why'],
                calls.map((call) => [
                  call.stage,
                  call.node,
                  `${call.verb} ${call.url}`,
                  Object.entries(call.headers)
                    .map(([name, value]) => `${name}: ${value}`)
                    .join(', '),
                  call.body ?? '–',
                  call.why,
                ]),
              ),
            );
            run.output.note('Calls of one stage go out together. Nothing was sent.');
            return EXIT.done;
          }),
        ),
    );
}
