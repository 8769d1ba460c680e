import { expect, test } from 'vitest';
import {
  type ConnectorOptions,
  createMemoryJournal,
  type Journal,
  type Logger,
  type ReliableConnector,
} from '../../src/index.js';
import { connect, next } from './support/connect.js';
import { held, type Stage, setStage, shareStage } from './support/stage.js';

const stage = shareStage({ extensions: 'on' });

interface Led {
  readonly connector: ReliableConnector;
  readonly stepDown: () => void;
}

async function lead(
  { nodes }: Stage,
  journal: Journal,
  term: bigint,
  o: Partial<ConnectorOptions> = {},
): Promise<Led> {
  const controller = new AbortController();
  const leadership = { term, signal: controller.signal };
  const connector = await connect(nodes, { journal, leadership, deadlineMs: 60_000, ...o });
  return { connector, stepDown: () => controller.abort() };
}

function warningsTo(warnings: unknown[]): Logger {
  const ignore = (): void => {};
  return { debug: ignore, info: ignore, warn: (fields) => void warnings.push(fields), error: ignore };
}

/** Status that a node gives to a write under this fence. */
async function fencedWrite({ cluster }: Stage, node: string, fence: string): Promise<number> {
  const answer = await fetch(`${cluster.nodes[node]}/group`, {
    method: 'DELETE',
    headers: { node, timestamp: '7.25', 'holdfast-fence': fence },
    body: '{"groupId": "nobody"}',
  });
  await answer.arrayBuffer();
  return answer.status;
}

test('a term below one that the journal has seen is LEADERSHIP_STALE, naming both; the same one is not', async () => {
  const journal = createMemoryJournal();
  await lead(stage(), journal, 5n);
  await expect(lead(stage(), journal, 4n)).rejects.toMatchObject({
    code: 'LEADERSHIP_STALE',
    retryable: false,
    message: expect.stringMatching(/term 4 .*term 5/),
  });
  expect(await (await lead(stage(), journal, 5n)).connector.info()).toMatchObject({ term: 5n });
});

test('a leadership that has ended before the opening: LEADERSHIP_LOST, and the journal is not touched', async () => {
  const { nodes, gate } = stage();
  const touched = { join: () => Promise.reject(new Error('joined')), close: async () => {} };
  const leadership = { term: 1n, signal: AbortSignal.abort() };
  await expect(connect(nodes, { journal: touched, leadership })).rejects.toMatchObject({
    code: 'LEADERSHIP_LOST',
  });
  expect(gate.exchanges).toEqual([]);
});

test('a leadership that ends during the opening: LEADERSHIP_LOST, when the journal can be closed without an error', async () => {
  const own = await setStage({ extensions: 'on' });
  const journal = createMemoryJournal();
  const controller = new AbortController();
  own.gate.rule = () => {
    controller.abort();
    return 'hang';
  };
  let released = false;
  const watched: Journal = {
    join: async (options) => {
      const session = await journal.join(options);
      const release = session.release.bind(session);
      session.release = async () => {
        await release();
        released = true;
      };
      return session;
    },
    close: () => journal.close(),
  };
  const leadership = { term: 3n, signal: controller.signal };
  await expect(connect(own.nodes, { journal: watched, leadership })).rejects.toMatchObject({
    code: 'LEADERSHIP_LOST',
  });
  expect(released).toBe(true);
});

test('opening under a term raises the fence on all nodes: a write of an older one gets 412 (4.7)', async () => {
  const journal = createMemoryJournal();
  const before = await connect(stage().nodes, { journal });
  await before.createGroup('before');
  const { connector } = await lead(stage(), journal, 7n);
  expect(await connector.info()).toMatchObject({ fence: 7n, term: 7n });
  for (const node of connector.nodes) {
    expect(await fencedWrite(stage(), node, `${journal.id}:6`)).toBe(412);
    expect(await fencedWrite(stage(), node, `${journal.id}:7`)).toBe(404);
    expect(await fencedWrite(stage(), node, 'another-journal:1')).toBe(404);
  }
});

test('one that opened before and leads nothing takes the present fence and goes on (4.7)', async () => {
  const { gate, nodes, cluster } = stage();
  const journal = createMemoryJournal();
  const oneShot = await connect(nodes, { journal });
  await oneShot.createGroup('first');
  await lead(stage(), journal, 9n);
  gate.exchanges.length = 0;
  expect(await oneShot.createGroup('second')).toMatchObject({ status: 'committed' });
  expect(gate.calls('POST').some(({ status }) => status === 412)).toBe(true);
  expect(Object.values(await held(cluster, 'second'))).not.toContain(null);
});

test('a node that fails now and then is asked again before the work begins, and nobody is warned', async () => {
  const own = await setStage({ extensions: 'on' });
  const journal = createMemoryJournal();
  own.gate.rule = ({ node }) => {
    const tries = own.gate.exchanges.filter((exchange) => exchange.node === node).length;
    return node === 'node02' && tries <= 3 ? 500 : 'pass';
  };
  const warnings: unknown[] = [];
  await lead(own, journal, 3n, { logger: warningsTo(warnings) });
  expect(await fencedWrite(own, 'node02', `${journal.id}:2`)).toBe(412);
  expect(warnings).toEqual([]);
});

test('a node that is away is told of once, and gets the fence with its first write', async () => {
  const own = await setStage({ extensions: 'on' });
  const journal = createMemoryJournal();
  own.gate.rule = ({ node }) => (node === 'node03' ? 'reset' : 'pass');
  const warnings: unknown[] = [];
  const { connector } = await lead(own, journal, 3n, { logger: warningsTo(warnings) });
  expect(warnings).toEqual([{ node: 'node03' }]);
  own.gate.pass();
  expect(await connector.createGroup('a')).toMatchObject({ status: 'committed' });
  expect(await connector.createGroup('b')).toMatchObject({ status: 'committed' });
  expect(await fencedWrite(own, 'node03', `${journal.id}:2`)).toBe(412);
});

test('when the leadership ends: LEADERSHIP_LOST to everybody, nothing more is sent, the next term adopts at once (4.6)', async () => {
  const { gate, cluster } = stage();
  const journal = createMemoryJournal();
  const first = await lead(stage(), journal, 1n);
  let sent = 0;
  gate.rule = ({ node, method }) => {
    if (node !== 'node02' || method !== 'POST') return 'pass';
    if (gate.calls('POST').length < 6) return 500;
    first.stepDown();
    sent = gate.exchanges.length;
    return 500;
  };
  const lost = { code: 'LEADERSHIP_LOST', retryable: false };
  await expect(first.connector.createGroup('handed over')).rejects.toMatchObject(lost);
  await expect(first.connector.createGroup('another')).rejects.toMatchObject(lost);
  await expect(first.connector.getGroup('another')).rejects.toMatchObject(lost);
  await first.connector.close();
  expect(gate.exchanges).toHaveLength(sent);
  gate.pass();
  const second = await lead(stage(), journal, 2n);
  expect(await second.connector.recover()).toMatchObject({ adopted: 1, ended: 1, held: 0 });
  const versions = await held(cluster, 'handed over');
  expect(new Set(Object.values(versions)).size).toBe(1);
  expect(versions).not.toMatchObject({ node01: null });
});

test('a higher term takes over from an owner that lives on, fences it, and the owner is DEPOSED (scenario 20)', async () => {
  const { gate, cluster } = stage();
  const journal = createMemoryJournal();
  const first = await lead(stage(), journal, 1n);
  gate.rule = ({ node, method, fence }) =>
    node === 'node02' && method === 'POST' && fence?.endsWith(':1') ? 500 : 'pass';
  const posting = next(first.connector, 'attempt', ({ step }) => step === 'node02');
  const deposed = expect(first.connector.createGroup('taken')).rejects.toMatchObject({
    code: 'DEPOSED',
    retryable: true,
  });
  await posting;
  const second = await lead(stage(), journal, 2n);
  expect(await second.connector.recover()).toMatchObject({ adopted: 1, ended: 1, held: 0 });
  gate.pass();
  await deposed;
  const versions = Object.values(await held(cluster, 'taken'));
  expect(versions).not.toContain(null);
  expect(new Set(versions).size).toBe(1);
});

test('without the extension fence a live owner keeps its sagas, whatever the term (scenario 20)', async () => {
  const own = await setStage({ extensions: ['timestamp', 'tombstone', 'list'] });
  const journal = createMemoryJournal();
  const first = await lead(own, journal, 1n);
  own.gate.rule = ({ node, method }) => (node === 'node02' && method === 'POST' ? 500 : 'pass');
  const posting = next(first.connector, 'attempt', ({ step }) => step === 'node02');
  const creating = first.connector.createGroup('kept');
  await posting;
  const second = await lead(own, journal, 2n);
  expect(await second.connector.recover()).toMatchObject({ adopted: 0, held: 1 });
  own.gate.pass();
  expect(await creating).toMatchObject({ status: 'committed' });
});
