import { describe, expect, it } from 'vitest';
import { CapturedTerminal } from './support/captured.js';
import { type Stack, startStack } from './support/stack.js';
import { jsonLines } from './support/world.js';

describe('job query', () => {
  it('prints a table, numbers to the right', async () => {
    const stack = await startStack();
    const { exitCode, stdout, stderr } = await stack.job(
      'query',
      'SELECT id, name, credit_limit FROM sales.customers WHERE id < 4 ORDER BY id',
    );
    expect([exitCode, stderr]).toEqual([0, '3 rows\n']);
    expect(stdout.split('\n')).toEqual([
      'id  name             credit_limit',
      ' 1  Amara Okafor          5000.00',
      ' 2  Björn Lindqvist      12500.50',
      ' 3  Chiara Ferri             NULL',
      '',
    ]);
  });

  it('prints JSON lines with exact LONG, and CSV with quotes where they are needed', async () => {
    const stack = await startStack();
    const json = await stack.job(
      'query',
      "SELECT 9007199254740993 AS n, 'x' AS t, 't' AS t, NULL AS z",
      '--json',
    );
    expect(json.stdout).toBe('{"n":"9007199254740993","t":"x","t_2":"t","z":null}\n');
    const csv = await stack.job('query', `SELECT 'a,"b"' AS "x,y", '' AS e, NULL AS z`, '--csv', '--quiet');
    expect([csv.stdout, csv.stderr]).toEqual(['"x,y",e,z\r\n"a,""b""","",\r\n', '']);
    expect((await stack.job('query', 'SELECT 1', '--csv', '--json')).exitCode).toBe(2);
  });

  it('takes parameters with and without types, a catalog and a schema', async () => {
    const stack = await startStack();
    const { stdout } = await stack.job(
      ...['query', 'SELECT name FROM customers WHERE id = ? AND country = ?', '--json', '--idempotent'],
      ...['--catalog', 'hive', '--database', 'sales', '-p', 'LONG:2', '--param', 'SE'],
    );
    expect(jsonLines(stdout)).toEqual([{ name: 'Björn Lindqvist' }]);
    const { stdout: none } = await stack.job('query', 'SELECT ? IS NULL AS gone', '-p', 'NULL', '--json');
    expect(none).toBe('{"gone":"1"}\n');
  });

  it('streams: a slow reader gets the first rows of a result without end', async () => {
    const stack = await startStack();
    const stop = new AbortController();
    const stdout = new CapturedTerminal();
    const running = stack.jobWith(
      { stdout, signal: stop.signal },
      ...['query', 'SELECT n FROM builtin.generated.numbers', '--catalog', 'builtin'],
    );
    await stdout.says('\n300\n');
    stop.abort();
    expect((await running).exitCode).toBe(130);
  });

  it('tells what is wrong, and never a password', async () => {
    const stack = await startStack();
    for (const [argv, env, exitCode, message] of [
      [['SELEC 1'], {}, 1, /SELEC is not run here/],
      [['SELECT 1', '--engine', '127.0.0.1:1'], {}, 3, /dev", or name the engine with --engine/],
      [['SELECT 1', '--engine', 'nowhere'], {}, 2, /--engine is "nowhere", which is not host:port/],
      [
        ['SELECT 1'],
        { HOLDFAST_ENGINE_PASSWORD: 'sesame' },
        2,
        /Set HOLDFAST_ENGINE_USER and HOLDFAST_ENGINE_PASSWORD/,
      ],
    ] as const) {
      const ran = await stack.jobWith({ env: { ...stack.env, ...env } }, 'query', ...argv);
      expect([ran.exitCode, ran.stdout]).toEqual([exitCode, '']);
      expect(ran.stderr).toMatch(message);
      expect(ran.stderr).not.toContain('sesame');
    }
  });
});

describe('job want and job unwant', () => {
  it('take ids in every way, and tell how many were changed', async () => {
    const stack = await startStack();
    const wanted = await stack.job('want', 'billing', "it's", 'naïve');
    expect([wanted.exitCode, wanted.stdout]).toEqual([0, 'want: 2 of 3 ids changed, 1 wanted already\n']);
    const range = await stack.job('want', '--from', '1', '--to', '1200', '--json');
    expect(jsonLines(range.stdout)).toEqual([
      { type: 'summary', operation: 'want', total: 1200, changed: 1200, unchanged: 0, exitCode: 0 },
    ]);
    async function* stdin(): AsyncGenerator<string> {
      yield "it's\nunknown\n";
    }
    const piped = await stack.jobWith({ stdin: stdin() }, 'unwant', '-');
    expect(piped.stdout).toBe('unwant: 1 of 2 ids changed, 1 not wanted before\n');
    const count = await stack.job('query', 'SELECT count(*) AS n FROM desired_groups', '--json');
    expect(jsonLines(count.stdout)).toEqual([{ n: '1207' }]);
  });

  it('refuse ids that cannot be used', async () => {
    const stack = await startStack();
    for (const [argv, message] of [
      [['want'], /no id is named/],
      [['unwant', 'x'.repeat(257)], /has 257 bytes/],
      [['want', '1', '--ids', '2'], /were given together/],
    ] as const) {
      const { exitCode, stderr } = await stack.job(...argv);
      expect([exitCode, stderr]).toEqual([2, expect.stringMatching(message)]);
    }
  });
});

describe('job switch', () => {
  it('goes to the other colour, and to a named one', async () => {
    const stack = await startStack();
    const { exitCode, stdout } = await stack.job('switch', '--announce', '1h', '--drain', '2s');
    expect([exitCode, stdout]).toEqual([
      0,
      'the engine goes to green: announced; "job status" shows how far it is\n',
    ]);
    const back = await stack.job('switch', 'blue', '--announce', '0', '--drain', '0', '--json');
    expect(jsonLines(back.stdout)).toEqual([expect.objectContaining({ type: 'switch' })]);
  });

  it('tells what is wrong, and never a token', async () => {
    const stack = await startStack();
    for (const [argv, env, exitCode, message] of [
      [['blue'], {}, 1, /answers 409/],
      [['red'], {}, 2, /Allowed choices are blue, green/],
      [[], { HOLDFAST_ADMIN_TOKEN: '' }, 2, /HOLDFAST_ADMIN_TOKEN is not set/],
      [[], { HOLDFAST_ADMIN_TOKEN: 'not-the-token' }, 2, /answers 401/],
      [[], { HOLDFAST_ENGINE_ADMIN: '127.0.0.1:1' }, 3, /does not answer/],
    ] as const) {
      const ran = await stack.jobWith({ env: { ...stack.env, ...env } }, 'switch', ...argv);
      expect([ran.exitCode, ran.stderr]).toEqual([exitCode, expect.stringMatching(message)]);
      expect(ran.stderr).not.toContain('not-the-token');
    }
  });
});

describe('the commands that look at the workers', () => {
  let stack: Stack;

  it('tell where there is no backend, and make none', async () => {
    const empty = await startStack();
    for (const command of ['status', 'members', 'leader', 'locks', 'step-down']) {
      const { exitCode, stderr } = await empty.job(command);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining('there is no coordination file at')]);
    }
    const away = await empty.job('leader', '--coordination', 'redis://me:secret@127.0.0.1:1');
    expect([away.exitCode, away.stdout]).toEqual([3, '']);
    expect(away.stderr).not.toContain('secret');
  });

  it('show workers, leader, term, engine and groups', async () => {
    stack = await startStack();
    const worker = stack.work({}, '--id', 'first');
    const { term } = await stack.until((status) => status.converged);
    const text = await stack.job('status');
    expect(text.exitCode).toBe(0);
    expect(text.stdout).toMatch(/^worker\s+role\s+pid\s+host\s+up\s+journal\s+health\nfirst\s+leader/);
    expect(text.stdout).toMatch(
      /\nleader\s+first, term \d+\nengine\s+blue, steady\nwanted\s+6\nactual\s+node01 6, node02 6/,
    );
    expect(text.stdout).toContain('\nas wanted: every node holds exactly the groups that are wanted\n');

    const members = jsonLines((await stack.job('members', '--json')).stdout);
    expect(members).toEqual([expect.objectContaining({ type: 'member', id: 'first', leads: true })]);
    expect((await stack.job('members')).stdout).toMatch(/\nfirst\s+leader/);
    const leader = jsonLines((await stack.job('leader', '--json')).stdout)[0];
    expect(leader).toMatchObject({
      type: 'leader',
      leader: { id: 'first', term: term?.['term'], queue: [] },
    });
    expect((await stack.job('leader')).stdout).toMatch(/^first, term \d+, lease ends in \d+ ms\n$/);
    expect((await stack.job('locks')).stdout).toMatch(
      /\nleadership\s+holdfast-workers\s+exclusive\s+first\s+\d+/,
    );
    const free = jsonLines((await stack.job('locks', 'nightly', '--json')).stdout);
    expect(free).toEqual([
      { type: 'lock', kind: 'lock', name: 'nightly', mode: null, holders: [], queue: [] },
    ]);

    await stack.engine.close();
    const without = await stack.job('status');
    expect(without.stdout).toMatch(/\nengine\s+not known: the engine's admin port http:\S+ does not answer/);
    await worker.stop();
    const nobody = await stack.job('leader');
    expect([nobody.exitCode, nobody.stdout]).toEqual([1, 'nobody leads\n']);
    expect((await stack.job('step-down')).exitCode).toBe(1);
    expect((await stack.job('status')).stdout).toContain('nobody leads');
  });

  it('status --watch shows it in place until it is interrupted, and exits 0', async () => {
    stack = await startStack();
    stack.work();
    await stack.until((status) => status.converged);
    const stop = new AbortController();
    const stdout = new CapturedTerminal();
    const watching = stack.jobWith({ stdout, signal: stop.signal }, 'status', '--watch', '10ms');
    await stdout.says('as wanted');
    stop.abort();
    expect((await watching).exitCode).toBe(0);
    expect(stdout.text.startsWith('\u001b[H\u001b[J')).toBe(true);
  });
});
