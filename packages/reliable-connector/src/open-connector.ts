import { sleep } from './clock.js';
import { ReliableConnector } from './connector.js';
import { ReliableConnectorError } from './errors.js';
import type { GroupContext } from './groups/context.js';
import { raiseFence } from './groups/fences.js';
import { GroupCalls } from './groups/group-calls.js';
import { HotKeeper } from './groups/hot-keeper.js';
import { Housekeeping } from './groups/housekeeping.js';
import { groupSagas } from './groups/sagas.js';
import type { Journal } from './journal/journal.js';
import { createNodeClient } from './nodes/http-node-client.js';
import { createUndiciTransport } from './nodes/undici-transport.js';
import { type ConnectorOptions, type ResolvedOptions, resolveConnectorOptions } from './options.js';
import { Emitter } from './saga/emitter.js';
import { Engine } from './saga/engine.js';
import { inspection } from './saga/inspect.js';

/**
 * Opens a connector: joins the journal, connects lazily, and – unless `recoverEveryMs` is 0 – looks for abandoned sagas
 * in the background. Throws `INVALID_ARGUMENT`, `MISSING_DEPENDENCY`, `LEADERSHIP_STALE`, or a `JOURNAL_…` code.
 */
export async function openConnector(given: ConnectorOptions): Promise<ReliableConnector> {
  const options = resolveConnectorOptions(given);
  if (options.leadership?.signal.aborted) throw leadershipLost();
  const journal =
    typeof options.journal === 'string' ? await openEmbedded(options.journal, options) : options.journal;
  const owned = typeof options.journal === 'string' ? journal : null;
  try {
    return await assemble(options, journal, owned);
  } catch (error) {
    await owned?.close();
    throw error;
  }
}

async function assemble(
  options: ResolvedOptions,
  journal: Journal,
  owned: Journal | null,
): Promise<ReliableConnector> {
  const { clock, random, logger, leadership, limits, nodes } = options;
  const term = leadership?.term ?? null;
  const session = await journal.join({
    nodes,
    maxServerLagMs: options.maxServerLagMs,
    term,
    clock,
    random,
    logger,
  });
  const transport = options.transport ?? createUndiciTransport(nodes, { ...limits, clock });
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
  const context: GroupContext = {
    options,
    session,
    engine,
    calls,
    keeper,
    nodes: Object.keys(nodes),
    clients,
  };
  const housekeeping = new Housekeeping(context);

  let closing: Promise<void> | null = null;
  const closeFor = async (why: ReliableConnectorError, graceMs: number): Promise<void> => {
    housekeeping.stop();
    if (graceMs > 0) await Promise.race([Promise.all(overs(engine)), sleep(clock, graceMs)]);
    engine.close(why);
    keeper.close();
    if (!options.transport) await transport.close();
    await Promise.all(overs(engine));
    await housekeeping.stopped();
    await session.release();
    await owned?.close();
  };
  const close = (why: ReliableConnectorError, graceMs: number): Promise<void> =>
    (closing ??= closeFor(why, graceMs));

  if (leadership) {
    const lost = (): void => {
      close(leadershipLost(), 0).catch((err: unknown) =>
        logger.error({ err }, 'closing after the leadership failed'),
      );
    };
    leadership.signal.addEventListener('abort', lost, { once: true });
    const bound = Math.min(options.retry.attemptTimeoutMs, options.deadlineMs);
    const raised = await Promise.all(clients.map((one) => raiseFence(one, calls.fence, bound)));
    clients.forEach((one, at) => {
      if (!raised[at])
        logger.warn({ node: one.name }, 'the fence was not raised here yet; the first write will raise it');
    });
  }
  housekeeping.start();
  return new ReliableConnector({ context, sagas, close: (graceMs) => close(closed(), graceMs) });
}

const overs = (engine: Engine): Promise<void>[] =>
  Array.from(engine.running.values(), (run) => run.over.promise);

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

/** The embedded journal, loaded on first use: its library is an optional peer dependency. */
async function openEmbedded(path: string, options: ResolvedOptions): Promise<Journal> {
  const { openSqliteJournal } = await import('./journal/sqlite/index.js');
  return openSqliteJournal(path, { clock: options.clock, random: options.random, logger: options.logger });
}
