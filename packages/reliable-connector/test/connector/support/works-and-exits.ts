import { openConnector } from '../../../src/index.js';

/** Opens a connector, does a bit of everything, closes it, and has nothing more to do. */
const { nodes, journal } = JSON.parse(process.argv[2] ?? '') as {
  nodes: Record<string, string>;
  journal: string;
};
// The parent's channel must not be what keeps this process, or what ends it.
process.channel?.unref();

const connector = await openConnector({ nodes, journal });
const created = await connector.createGroup('works');
const again = await connector.createGroup('works');
await connector.stats();
const unanswered = { ...nodes, node03: 'http://127.0.0.1:1/v1' };
const other = await openConnector({ nodes: unanswered, journal: `${journal}.other` });
// Two nodes have it, the third refuses connections: at the deadline it is still at work, with timers for its retries.
const late = await other.createGroup('late', { deadlineMs: 100, onDeadline: 'forward' });
await Promise.all([connector.close(), other.close()]);
process.stdout.write(`${created.status} ${again.status} ${late.status} closed\n`);
