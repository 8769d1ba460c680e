import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { startRefusingNode } from './support/refusing-node.js';
import { envOf, jsonLines, runCaptured, startWorld } from './support/world.js';

describe('sagas and show', () => {
  it('list by state and id, and tell every attempt and decision of one', async () => {
    const world = await startWorld({ faults: { errorBefore: 0.5 } });
    await world.job('create', '5', '6');
    await world.job('delete', '5');
    const open = await world.job('sagas');
    expect([open.exitCode, open.stdout, open.stderr]).toEqual([0, '', 'No such saga.\n']);
    const five = jsonLines((await world.job('sagas', '--id', '5', '--json')).stdout);
    expect(five.map(({ type, state, definition }) => [type, state, definition])).toEqual([
      ['saga', 'committed', 'group.delete'],
      ['saga', 'committed', 'group.create'],
      ['summary', undefined, undefined],
    ]);
    const all = await world.job('sagas', '--state', 'ended', '--limit', '2');
    expect(all.stdout.trimEnd().split('\n')).toHaveLength(3);
    expect(all.stderr).toContain('--limit 2 is reached');
    const shown = await world.job('show', String(five[1]?.['id']));
    expect(shown.stdout).toMatch(/state +committed/);
    expect(shown.stdout).toMatch(/ attempt +node0\d +POST 201 yes/);
    expect(shown.stdout).toMatch(/ end +committed/);
  });

  it('refuse a journal that is not there, so that a mistyped path is not taken for an empty one', async () => {
    const world = await startWorld();
    for (const command of [['sagas'], ['show', '1'], ['parked'], ['recover'], ['journal', 'info']]) {
      const { exitCode, stderr } = await world.job(...command, '--journal', 'mistyped.db');
      expect(exitCode).toBe(2);
      expect(stderr).toContain(
        `there is no journal at ${path.join(world.folder, 'mistyped.db')} (from --journal)`,
      );
    }
  });
});

describe('verify and repair', () => {
  it('find a node that came back empty, show the plan, and make it whole', async () => {
    const world = await startWorld();
    await world.job('create', '--to', '3');
    expect(await world.job('verify')).toMatchObject({
      exitCode: 0,
      stdout: '4 ids compared, no difference\n',
    });
    await world.sim.wipeNode('node02');
    const found = await world.job('verify', '--json');
    expect(found.exitCode).toBe(1);
    expect(jsonLines(found.stdout).at(-1)).toMatchObject({ checked: 4, clean: false, differences: 4 });
    const plan = await world.job('repair', '--dry-run');
    expect(plan.exitCode).toBe(0);
    expect(plan.stdout).toMatch(/0 +fill +node02 missing/);
    expect((await world.job('stats')).exitCode).toBe(1);
    const repaired = await world.job('repair');
    expect([repaired.exitCode, repaired.stdout]).toEqual([
      0,
      expect.stringContaining('repair: 4 committed of 4'),
    ]);
    expect((await world.job('stats')).stdout).toBe('[true, {"node01":4,"node02":4,"node03":4}]\n');
    expect((await world.job('repair')).stdout).toBe('nothing to repair\n');
  });

  it('leave records of others alone without --force', async () => {
    const world = await startWorld();
    const reply = await fetch(`${world.sim.nodes['node01']}/group`, {
      method: 'POST',
      headers: { node: 'node01', timestamp: '5.5' },
      body: '{"groupId":"theirs"}',
    });
    expect(reply.status).toBe(201);
    expect(await world.job('repair')).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('untouched   theirs  node01 foreign'),
    });
    expect((await world.job('repair', '--direction', 'remove', '--force')).exitCode).toBe(0);
    expect((await world.job('stats')).stdout).toBe('[true, {"node01":0,"node02":0,"node03":0}]\n');
  });
});

describe('a parked saga', () => {
  it('exits 4, is warned of at every start, listed, resolved by name, and then gone', async () => {
    const world = await startWorld();
    const node = await startRefusingNode(world.sim.nodes['node03'] ?? '');
    const env = envOf({ ...world.sim.nodes, node03: node.url }, world.folder);
    const job = (...argv: readonly string[]): ReturnType<typeof runCaptured> =>
      runCaptured(argv, { env, cwd: world.folder });
    await job('create-one', '7');
    node.refuses = true;
    const deleted = await job('delete-one', '7', '--json');
    expect(deleted.exitCode).toBe(4);
    const saga = jsonLines(deleted.stdout)[0];
    expect(saga).toMatchObject({ status: 'parked', done: false });
    const number = String(saga?.['sagaId']);

    const warned = await job('stats');
    expect(warned.stderr).toMatch(
      new RegExp(
        `^warning: 1 saga is parked, the oldest for .+ \\(saga ${number}, id 7, node03: .+"job parked"\n`,
      ),
    );
    const parked = await job('parked', '--json');
    expect(parked.exitCode).toBe(4);
    expect(jsonLines(parked.stdout)[0]).toMatchObject({ type: 'parked', groupId: '7', node: 'node03' });
    expect((await job('sagas', '--state', 'parked')).stdout).toMatch(/ 7 +parked /);
    expect((await job('recover')).exitCode).toBe(4);

    const wrong = await job('resolve', '999', '--node', 'node03', '--assume', 'retry');
    expect([wrong.exitCode, wrong.stderr]).toEqual([1, expect.stringContaining('no parked saga 999')]);
    node.refuses = false;
    const resolved = await job(
      'resolve',
      number,
      '--node',
      'node03',
      '--assume',
      'retry',
      '--by',
      'the test',
    );
    expect(resolved.stdout).toBe(`saga ${number}: node03 taken as retry, by the test; it is now committed\n`);
    expect(resolved.exitCode).toBe(0);
    expect(await job('parked')).toMatchObject({ exitCode: 0, stdout: '', stderr: 'Nothing is parked.\n' });
    expect((await job('stats')).stdout).toBe('[true, {"node01":0,"node02":0,"node03":0}]\n');
  });
});

describe('nodes that are away', () => {
  it('leave an item in doubt at its deadline, exit 4, and recover ends it', async () => {
    const world = await startWorld({ nodePorts: true });
    await world.sim.stopNode('node02');
    const { exitCode, stdout } = await world.job('create-one', '1', '--deadline', '300ms');
    expect(exitCode).toBe(4);
    expect(stdout).toMatch(/^in_doubt {4}1 .*goes forward/);
    const tried = await world.job('recover');
    expect([tried.exitCode, tried.stdout]).toEqual([4, expect.stringContaining('1 unfinished')]);
    expect((await world.job('sagas')).stdout).toMatch(/group\.create +1 +applying .* nobody/);
    await world.sim.startNode('node02');
    const recovered = await world.job('recover');
    expect(recovered).toMatchObject({ exitCode: 0, stdout: 'recover: 1 taken over, 1 ended\n' });
    expect((await world.job('stats')).stdout).toBe('[true, {"node01":1,"node02":1,"node03":1}]\n');
  });

  it('exit 3 at once when none answers, naming them and where they were configured', async () => {
    const world = await startWorld();
    await world.sim.close();
    for (const command of [['create'], ['delete-one', '1'], ['verify'], ['repair']]) {
      const { exitCode, stderr } = await world.job(...command);
      expect(exitCode).toBe(3);
      expect(stderr).toMatch(
        /no node answered: node01 http:\S+, .*\(from HOLDFAST_NODES\); .*Nothing was sent/,
      );
    }
  });
});

describe('plan', () => {
  it('shows the calls and sends none', async () => {
    const world = await startWorld();
    const { exitCode, stdout } = await world.job('plan', 'create', '9', '--json');
    const calls = jsonLines(stdout).filter(({ verb }) => verb === 'POST');
    expect([exitCode, calls.map(({ node }) => node)]).toEqual([0, ['node01', 'node02', 'node03']]);
    expect(world.sim.log()).toEqual([]);
  });
});

describe('the journal file', () => {
  it('is described, checked, and copied to a file that is a journal itself', async () => {
    const world = await startWorld();
    await world.job('create', '--to', '4');
    const info = jsonLines((await world.job('journal', 'info', '--json')).stdout)[0];
    expect(info).toMatchObject({ type: 'journal', catalog: 5, sagas: { ended: 5, parked: 0 } });
    expect((await world.job('journal', 'check')).stdout).toMatch(/journal\.db is sound\n$/);
    expect((await world.job('journal', 'backup', 'copy.db')).exitCode).toBe(0);
    const copied = await world.job('sagas', '--state', 'ended', '--journal', 'copy.db', '--json');
    expect(jsonLines(copied.stdout).at(-1)).toMatchObject({ sagas: 5 });
    const before = await readFile(path.join(world.folder, 'copy.db'));
    expect(await world.job('journal', 'backup', 'copy.db')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('a backup never overwrites'),
    });
    expect((await readFile(path.join(world.folder, 'copy.db'))).equals(before)).toBe(true);
  });

  it('is refused when it is no database, and stays as it is', async () => {
    const world = await startWorld();
    const file = path.join(world.folder, 'broken.db');
    await writeFile(file, 'not a database, whatever its name says'.repeat(100));
    const { exitCode, stderr } = await world.job('journal', 'check', '--journal', file);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('damaged');
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(await readFile(file, 'utf8')).toMatch(/^not a database/);
  });

  it('belongs to its nodes until it is bound to others', async () => {
    const world = await startWorld({ nodes: ['node01', 'node02', 'node03'] });
    const two = { node01: world.sim.nodes['node01'] ?? '', node02: world.sim.nodes['node02'] ?? '' };
    const env = envOf(two, world.folder);
    await runCaptured(['create', '--to', '2'], { env, cwd: world.folder });
    const refused = await world.job('stats');
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('journal rebind');
    const rebound = await world.job('journal', 'rebind');
    expect([rebound.exitCode, rebound.stdout]).toEqual([0, expect.stringContaining('added node03')]);
    expect(rebound.stderr).toContain('job repair --direction fill');
    expect((await world.job('repair', '--direction', 'fill')).exitCode).toBe(0);
    expect((await world.job('stats')).stdout).toBe('[true, {"node01":3,"node02":3,"node03":3}]\n');
  });
});
