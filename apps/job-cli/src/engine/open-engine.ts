import type { Connection, Logger, StrategyStoreProvider } from '@holdfast/strategy-client';
import type { EngineSettings } from '../config/engine-settings.js';

/** Ms for a statement to answer; a switch of colours within it counts as one call. */
const STATEMENT_MS = 60_000;
/** Ms for each other call. */
const CONTROL_MS = 10_000;
/** Ms that a suspended cluster gets to wake. */
const RESUME_MS = 60_000;
/** Ms between two looks whether it has. */
const RESUME_POLL_MS = 1_000;

/** How a connection differs from the usual. */
export interface EngineOptions {
  /** Where to share with other processes which colour is active. Default: nowhere. */
  readonly store?: StrategyStoreProvider;
  readonly logger?: Logger;
}

/** Connects to the query engine; nothing is sent before the first query. LONG values come as text, exact. */
export async function openEngine(settings: EngineSettings, o: EngineOptions = {}): Promise<Connection> {
  const { connect } = await import('@holdfast/strategy-client');
  const { tls } = settings;
  return connect({
    host: settings.router.host,
    port: settings.router.port,
    username: settings.user,
    password: settings.password,
    secure: tls !== null,
    sslCert: tls?.ca ?? null,
    sslClientCert: tls?.own?.cert ?? null,
    sslKey: tls?.own?.key ?? null,
    int64: 'string',
    statementTimeoutMs: STATEMENT_MS,
    controlTimeoutMs: CONTROL_MS,
    autoResumeTimeoutMs: RESUME_MS,
    resumePollMs: RESUME_POLL_MS,
    ...o,
  });
}

/** Opens a connection, runs `use` and closes it however that ends. */
export async function withEngineConnection<T>(
  settings: EngineSettings,
  use: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await openEngine(settings);
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}
