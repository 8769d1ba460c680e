import { ReliableConnector } from './connector.js';
import { ReliableConnectorError } from './errors.js';
import type { GroupContext } from './groups/context.js';
import { raiseFence } from './groups/fences.js';
import { GroupCalls } from './groups/group-calls.js';
import { HotKeeper } from './groups/hot-keeper.js';
import { recover } from './groups/recover.js';
import { groupSagas } from './groups/sagas.js';
import type { Journal } from './journal/journal.js';
import { openEmbedded } from './journal/open-embedded.js';
import { createNodeClient } from './nodes/http-node-client.js';
import { createUndiciTransport } from './nodes/undici-transport.js';
import { onAbort } from './on-abort.js';
import { type ConnectorOptions, type ResolvedOptions, resolveConnectorOptions } from './options.js';
import { Emitter } from './saga/emitter.js';
import { Engine } from './saga/engine.js';
import { Housekeeping } from './saga/housekeeping.js';
import { inspection } from './saga/inspect.js';
import { Lifetime } from './saga/lifetime.js';

/**
 * Opens a connector: joins the journal, connects lazily, and – unless `recoverEveryMs` is 0 – looks for abandoned sagas
 * in the background. Throws `INVALID_ARGUMENT`, `MISSING_DEPENDENCY`, `LEADERSHIP_STALE`, or a `JOURNAL_…` code.
 */
export async function openConnector(given: ConnectorOptions): Promise<ReliableConnector> {
  const options = resolveConnectorOptions(given);
  if (options.leadership?.signal.aborted) throw leadershipLost();
  const { journal, close } = await openEmbedded(options.journal, options);
  try {
    const context = await assemble(options, journal);
    return await start(context, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function assemble(options: ResolvedOptions, journal: Journal): Promise<GroupContext> {
  const { clock, random, logger, leadership, limits, nodes, maxServerLagMs, ca } = options;
  const session = await journal.join({
    nodes,
    maxServerLagMs,
    term: leadership?.term ?? null,
    clock,
    random,
    logger,
  });
  const transport =
    options.transport ?? createUndiciTransport(nodes, { ...limits, clock, ...(ca !== null && { ca }) });
  const client = { ...options, transport, fenceScope: session.journalId };
  const clients = Object.entries(nodes).map(([name, url]) => createNodeClient(name, url, client));
  const calls = new GroupCalls(
    new Map(clients.map((one) => [one.name, one])),
    session,
    await session.fence(),
  );
  const sagas = groupSagas(calls);
  const definitions = [...Object.values(sagas), inspection(async () => {})];
  const engine = new Engine({ session, definitions, options, events: new Emitter(logger) });
  const keeper = new HotKeeper(engine, calls);
  engine.repeatsOf = (run, outcome) => keeper.repeatsOf(run, outcome);
  return { options, session, engine, calls, keeper, sagas, transport, nodes: Object.keys(nodes), clients };
}

async function start(context: GroupContext, closeJournal: () => Promise<void>): Promise<ReliableConnector> {
  const { engine, options, keeper, transport } = context;
  const housekeeping = new Housekeeping(engine, options, (signal) =>
    recover(context, { wait: false, signal }),
  );
  let unlink = (): void => {};
  const disconnect = async (): Promise<void> => {
    keeper.close(closed());
    unlink();
    if (!options.transport) await transport.close();
  };
  const lifetime = new Lifetime({ engine, housekeeping, disconnect, closeJournal });
  if (options.leadership) {
    const { signal } = options.leadership;
    const lost = (): void => {
      lifetime.close(leadershipLost(), 0).catch((err: unknown) => {
        engine.logger.error({ err }, 'closing after the end of the leadership failed');
      });
    };
    unlink = onAbort(signal, lost);
    await raiseFences(context, signal);
    if (signal.aborted) {
      // Whoever is told may close the journal next; why it failed, if it did, has been logged.
      await lifetime.close(leadershipLost(), 0).catch(() => undefined);
      throw leadershipLost();
    }
  }
  housekeeping.start();
  return new ReliableConnector(context, (graceMs) => lifetime.close(closed(), graceMs));
}

/** Under a leadership (4.6): the fence is raised on every node before anything else. */
async function raiseFences(
  { engine, options, clients, calls }: GroupContext,
  signal: AbortSignal,
): Promise<void> {
  const { clock, random, retry } = options;
  const timeoutMs = Math.min(retry.attemptTimeoutMs, options.deadlineMs);
  await Promise.all(
    clients.map(async (client) => {
      const o = { fence: calls.fence, timeoutMs, backoff: retry, clock, random, signal };
      const raised = await raiseFence(client, o);
      if (!raised && !signal.aborted)
        engine.logger.warn(
          { node: client.name },
          'the node does not take the fence yet; the first write that it takes will raise it',
        );
    }),
  );
}

const closed = (): ReliableConnectorError =>
  new ReliableConnectorError(
    'CLOSED',
    'the connector is closed; open another one, its recovery ends what was left',
  );

const leadershipLost = (): ReliableConnectorError =>
  new ReliableConnectorError(
    'LEADERSHIP_LOST',
    'the leadership of this connector has ended; open one for the next term',
  );
