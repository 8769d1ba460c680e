import { describe, expect, it } from 'vitest';
import { jsonLines, startWorld, type World } from './support/world.js';

const ids = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => String(i));

/** What each node holds, from its own list. */
async function held(world: World, node: string): Promise<readonly string[]> {
  const reply = await fetch(`${world.sim.nodes[node]}/groups?node=${node}`);
  const body: unknown = await reply.json();
  if (typeof body !== 'object' || body === null || !('groups' in body) || !Array.isArray(body.groups)) {
    throw new Error(`no list: ${JSON.stringify(body)}`);
  }
  return body.groups.map((group: { groupId: string }) => group.groupId);
}

describe('create and delete', () => {
  it('bring 100 groups to every node and away again at a fault rate of 0.2, without extensions', async () => {
    const world = await startWorld({ faults: { errorBefore: 0.2 }, extensions: 'off' });
    const created = await world.job('create');
    expect(created.stderr).toBe('');
    expect(created.exitCode).toBe(0);
    expect(created.stdout).toContain('create: 100 committed of 100');
    expect((await world.job('stats')).stdout).toBe('[true, {"node01":100,"node02":100,"node03":100}]\n');
    expect((await world.job('delete')).exitCode).toBe(0);
    expect((await world.job('stats')).stdout).toBe('[true, {"node01":0,"node02":0,"node03":0}]\n');
  });

  it('work on exactly the ids that were named', async () => {
    const world = await startWorld();
    await world.job('create', '--from', '3', '--to', '5');
    await world.job('create', 'a', 'b');
    await world.jobWith({ stdin: lines('x\ny\n') }, 'create', '-');
    const wanted = ['3', '4', '5', 'a', 'b', 'x', 'y'];
    for (const node of ['node01', 'node02', 'node03']) expect(await held(world, node)).toEqual(wanted);
    await world.job('delete', '--ids', 'a,b');
    expect(await held(world, 'node02')).toEqual(['3', '4', '5', 'x', 'y']);
  });

  it('count what is already so as done only with --ensure', async () => {
    const world = await startWorld();
    await world.job('create', '1');
    const again = await world.job('create', '1', '2');
    const ensured = await world.job('create', '1', '2', '--ensure', '--json');
    expect([again.exitCode, ensured.exitCode]).toEqual([1, 0]);
    expect(again.stdout).toMatch(/rejected {4}1 .*exists/);
    expect(jsonLines(ensured.stdout).at(-1)).toMatchObject({ done: 2, counts: { ensured: 2, committed: 0 } });
    await world.job('delete', '1');
    expect((await world.job('delete', '1')).exitCode).toBe(1);
    expect((await world.job('delete', '1', '--ensure')).exitCode).toBe(0);
  });

  it('do not ensure what exists on one node only', async () => {
    const world = await startWorld();
    await foreign(world, 'node02', '7');
    const { exitCode, stdout } = await world.job('create', '7', '--ensure');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('job verify --ids 7');
    expect(await held(world, 'node01')).toEqual([]);
  });

  it('go on with the others when one id cannot be used', async () => {
    const world = await startWorld();
    const { exitCode, stdout } = await world.jobWith(
      { stdin: lines('1\na/b\n2\n') },
      'create',
      '-',
      '--json',
    );
    const [summary] = jsonLines(stdout).slice(-1);
    expect(exitCode).toBe(1);
    expect(summary).toMatchObject({ total: 3, done: 2, counts: { committed: 2, failed: 1 } });
  });

  it('of one id tell of each node, and delete records of others only with --force', async () => {
    const world = await startWorld({ extensions: 'off' });
    const created = await world.job('create-one', '5');
    expect(created.stdout).toMatch(
      /^committed {3}5 {2}saga \d+\n {2}node01 {2}applied {4}201 {2}\d attempts?\n/,
    );
    for (const node of ['node01', 'node02', 'node03']) await foreign(world, node, '9');
    const refused = await world.job('delete-one', '9');
    expect([refused.exitCode, refused.stdout]).toEqual([1, expect.stringContaining('--force')]);
    expect((await world.job('delete-one', '9', '--force')).exitCode).toBe(0);
    expect(await world.job('delete-one', '5', '--force', '--restore')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--force and --restore were given together'),
    });
  });

  it('list what only waits until no late request can be alive, and exit 0', async () => {
    const faults = { verbs: { POST: { lostReply: 0.5 } } };
    const world = await startWorld({ faults, extensions: 'off' });
    const lag = ['--max-server-lag', '20s'];
    expect((await world.job('create', '--to', '5', ...lag)).exitCode).toBe(0);
    world.sim.setFaults({});
    const { exitCode, stdout } = await world.job('delete', '--to', '5', ...lag);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('delete: 6 committed of 6')]);
    expect(stdout).toMatch(
      /\d committed with a DELETE to be repeated once no late request can be alive: \d, \d/,
    );
    const recovered = await world.job('recover', '--json', ...lag);
    expect(recovered.exitCode).toBe(0);
    expect(jsonLines(recovered.stdout)[0]).toMatchObject({ type: 'waiting', groupId: expect.any(String) });
  });

  it('give the same saga for the same idempotency key', async () => {
    const world = await startWorld();
    const call = ['create-one', '5', '--idempotency-key', 'k', '--json'];
    const [first] = jsonLines((await world.job(...call)).stdout);
    const [second] = jsonLines((await world.job(...call)).stdout);
    expect(second?.['sagaId']).toBe(first?.['sagaId']);
    const other = await world.job('create-one', '6', '--idempotency-key', 'k', '--json');
    expect(jsonLines(other.stdout)[0]).toMatchObject({ error: { code: 'IDEMPOTENCY_MISMATCH' } });
  });
});

describe('--json', () => {
  it('is one object per item, then a summary whose numbers agree', async () => {
    const world = await startWorld();
    await world.job('create', '1');
    const { stdout } = await world.job('create', '--to', '4', '--json');
    const all = jsonLines(stdout);
    const items = all.slice(0, -1);
    expect(items).toHaveLength(5);
    for (const item of items) {
      expect(item).toEqual({
        type: 'item',
        done: item['groupId'] !== '1',
        operation: 'create',
        groupId: expect.stringMatching(/^[0-4]$/),
        status: item['groupId'] === '1' ? 'rejected' : 'committed',
        sagaId: expect.any(Number),
        reason: item['groupId'] === '1' ? 'exists' : null,
        direction: null,
        hint: item['groupId'] === '1' ? expect.any(String) : null,
        waitsForLag: false,
        nodes: {
          node01: expect.objectContaining({ state: expect.any(String), attempts: expect.any(Number) }),
          node02: expect.objectContaining({ state: expect.any(String), attempts: expect.any(Number) }),
          node03: expect.objectContaining({ state: expect.any(String), attempts: expect.any(Number) }),
        },
        error: null,
        ms: expect.any(Number),
      });
    }
    expect(all.at(-1)).toEqual({
      type: 'summary',
      operation: 'create',
      total: 5,
      notBegun: 0,
      done: 4,
      counts: {
        committed: 4,
        ensured: 0,
        rejected: 1,
        compensated: 0,
        in_doubt: 0,
        parked: 0,
        left: 0,
        failed: 0,
      },
      reasons: { exists: 1 },
      waiting: { count: 0, ids: [] },
      adopted: 0,
      interrupted: false,
      ms: expect.any(Number),
      exitCode: 1,
    });
  });

  it('tells a failure as an object, too', async () => {
    const world = await startWorld();
    const { stdout, exitCode } = await world.job('show', '99', '--json');
    expect(exitCode).toBe(2);
    await world.job('create-one', '1');
    const shown = await world.job('show', '99', '--json');
    expect(jsonLines(stdout)[0]).toMatchObject({ type: 'error', code: 'NOT_FOUND', exitCode: 2 });
    expect(jsonLines(shown.stdout)[0]).toMatchObject({ type: 'error', code: 'NOT_FOUND', exitCode: 1 });
  });

  it('--quiet says only what went wrong', async () => {
    const world = await startWorld();
    expect((await world.job('create', '1', '--quiet')).stdout).toBe('');
    expect((await world.job('create', '1', '2', '--quiet')).stdout).toMatch(/^rejected {4}1 .*\n$/);
  });
});

describe('an interruption', () => {
  it('begins no new item, ends the running ones, sums up and exits 130', async () => {
    const world = await startWorld();
    const interruption = new AbortController();
    async function* input(): AsyncGenerator<string> {
      yield `${ids(8).join('\n')}\n`;
      interruption.abort();
      yield '8\n9\n';
    }
    const io = { stdin: input(), signal: interruption.signal };
    const { exitCode, stdout, stderr } = await world.jobWith(
      io,
      'create',
      '-',
      '--json',
      '--concurrency',
      '2',
    );
    const summary = jsonLines(stdout).at(-1);
    expect(exitCode).toBe(130);
    expect(summary).toMatchObject({ type: 'summary', interrupted: true, exitCode: 130 });
    expect(stderr).toContain('job recover');
    expect((await world.job('recover')).exitCode).toBe(0);
    const committed = Number((await held(world, 'node01')).length);
    expect(committed).toBeLessThanOrEqual(8);
    expect((await world.job('verify')).exitCode).toBe(0);
  });
});

async function foreign(world: World, node: string, groupId: string): Promise<void> {
  const reply = await fetch(`${world.sim.nodes[node]}/group`, {
    method: 'POST',
    headers: { node, timestamp: '5.5', 'content-type': 'application/json' },
    body: JSON.stringify({ groupId }),
  });
  expect(reply.status).toBe(201);
}

async function* lines(text: string): AsyncGenerator<string> {
  yield text;
}
