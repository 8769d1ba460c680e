import { type Connection, connect, type Logger, type Strategy } from '@holdfast/strategy-client';
import { redisStore } from '@holdfast/strategy-client/stores/redis';
import { workerThreadsStore } from '@holdfast/strategy-client/stores/worker-threads';
import { type Handlers, Line } from '../../coordination/line.js';
import { tapCalls } from './call-tap.js';
import { forget } from './forget.js';
import { Load } from './load.js';
import type { ClientCalls, ClientConfig, TestCalls } from './protocol.js';

/** Enough for a network that is cut all the time, and short pauses, so that a run meets many cuts. */
const RETRIES = { maxRetryAttempts: 20, retryBaseMs: 20, retryMaxMs: 200 };

/** A client that does what its test asks for, in a process or a thread. */
export function createClient(o: {
  readonly send: (message: unknown) => void;
  /** The answer to `close` has been sent, or is about to be. */
  readonly closed: () => void;
}): Line<ClientCalls, TestCalls> {
  const warnings: string[] = [];
  let opened: { readonly connection: Connection; readonly load: Load } | null = null;
  const begun = (): { readonly connection: Connection; readonly load: Load } => {
    if (opened === null) throw new Error('begin comes first');
    return opened;
  };
  const handlers: Handlers<ClientCalls> = {
    begin(config) {
      const load = new Load(config);
      tapCalls(config.port, load);
      opened = { connection: open(config, warnings), load };
      return null;
    },
    async ask() {
      const { connection } = begun();
      const cursor = connection.cursor();
      const queryId = await cursor.execute('SELECT 1 AS one', undefined, { idempotent: true });
      const ranOn = connection.manager.getQueryStrategy(queryId);
      if (String(await cursor.fetchOne()) !== '1') throw new Error('one is not one');
      // Its clear is waited for: whoever has asked is idle then, and hears nothing more.
      await cursor.close();
      if (ranOn === null) throw new Error('the query ran nowhere');
      return ranOn;
    },
    async moved(to) {
      const { manager } = begun().connection;
      if (manager.getActiveStrategy() !== to) await arrival(manager, to);
      return null;
    },
    load(options) {
      const { connection, load } = begun();
      load.start(connection, options);
      return null;
    },
    executed: (strategy) => begun().load.executed(strategy),
    calm: () => begun().load.calm(begun().connection),
    forget: (queries, nth) => forget(begun().connection, queries, nth),
    metrics: () => begun().connection.manager.metrics(),
    warnings: () => warnings,
    async close() {
      await begun().connection.close();
      setImmediate(o.closed);
      return null;
    },
  };
  return new Line<ClientCalls, TestCalls>({ send: o.send, handlers });
}

function arrival(manager: Connection['manager'], to: Strategy): Promise<void> {
  return new Promise((resolve) => {
    const stop = manager.on('switched', (move) => {
      if (move.to !== to) return;
      stop();
      resolve();
    });
  });
}

function open({ port, redisUrl, space }: ClientConfig, warnings: string[]): Connection {
  const warn = (fields: object, message: string): void => {
    warnings.push(
      `${message} ${JSON.stringify(fields, (_, value) => (value instanceof Error ? String(value) : value))}`,
    );
  };
  const logger: Logger = { debug: () => {}, info: () => {}, warn, error: warn };
  return connect({
    ...{ host: '127.0.0.1', port, username: 'holdfast', password: 'holdfast', logger },
    ...RETRIES,
    ...(redisUrl !== undefined && { store: redisStore(redisUrl) }),
    ...(space !== undefined && { store: workerThreadsStore(space) }),
  });
}
