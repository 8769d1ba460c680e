import { describe, expect, it } from 'vitest';
import { Stage } from './stage.js';

const NONE = { idempotent: false, rows: 0 };
const SWITCH = ['announce', 'cutover', 'off'] as const;
const BACK = ['announce', 'cutover', 'back'] as const;

/** One test for each rule of the executable model, in the shortest trace in which breaking it does harm. */
describe('announcements, as in the traces of the model', () => {
  it('probeFirst: an announced word is not applied without a probe', async () => {
    const stage = new Stage({ script: SWITCH, early: true });
    await stage.plays(`
      announce
      query 1 begins
      auth on blue reaches the engine
      auth on blue: ok, announces green
    `);
    expect(stage.target).toBe('blue');
    expect(stage.candidate).toBe('green');
    expect(stage.underWay.sort()).toEqual(['auth on green', 'prepare of query 1 on blue']);
    await stage.ends();
    expect(stage.outcomes).toEqual(['ok', 'ok']);
  });

  it('movesAtOnce: a proved word is applied while queries run', async () => {
    const stage = new Stage({ script: SWITCH });
    await stage.plays(`
      announce
      query 1 begins
      auth on blue reaches the engine
      auth on blue: ok, announces green
      auth on green reaches the engine
      prepare of query 1 on blue reaches the engine
      prepare of query 1 on blue: ok, announces green
      auth on green: ok, announces green
      query 2 begins
    `);
    expect(stage.underWay).toEqual(['execute of query 1 on blue', 'prepare of query 2 on green']);
    expect(stage.metrics.pinned).toEqual({ blue: 1, green: 0 });
    await stage.ends();
  });

  it('neverNull: a 456 leaves no call without a strategy header', async () => {
    const stage = new Stage({ script: SWITCH });
    await stage.plays(`
      announce
      query 1 begins
      auth on blue reaches the engine
      cutover
      auth on blue: ok, announces green
      prepare of query 1 on blue reaches the engine
      prepare of query 1 on blue: 456
      query 2 begins
    `);
    expect(stage.underWay).toEqual(['auth on green', 'prepare of query 2 on blue']);
    await stage.ends();
    expect(stage.outcomes).toEqual(['ok', 'ok']);
  });

  it('prepareByTarget: a prepare that got 456 goes where the target is by then', async () => {
    const stage = new Stage({ script: SWITCH });
    await stage.plays(`
      announce
      query 1 begins
      auth on blue reaches the engine
      cutover
      auth on blue: ok, announces green
      auth on green reaches the engine
      prepare of query 1 on blue reaches the engine
      auth on green: ok
      prepare of query 1 on blue: 456
    `);
    expect(stage.underWay).toEqual(['prepare of query 1 on green']);
    await stage.ends();
  });

  it('sendOrder: the word that was asked for last wins, not the one that arrives last', async () => {
    const stage = new Stage({ script: [...BACK, 'cutover'], queries: [NONE, NONE] });
    await stage.plays(`
      announce
      query 1 begins
      auth on blue reaches the engine
      auth on blue: ok, announces green
      auth on green reaches the engine
      prepare of query 1 on blue reaches the engine
      cutover
      back
      auth on green: ok, announces green
      query 2 begins
      prepare of query 2 on green reaches the engine
      cutover
      prepare of query 2 on green: ok, announces blue
      auth on blue reaches the engine
      prepare of query 1 on blue: ok, announces green
    `);
    // That word was asked for before blue was named: it does not take blue's candidacy away.
    expect(stage.candidate).toBe('blue');
    await stage.plays('auth on blue: ok');
    // The answer was asked for before that word came, so that another one has to decide.
    expect(stage.target).toBe('green');
    expect(stage.underWay).toContain('auth on blue');
    await stage.ends();
    expect(stage.target).toBe('blue');
  });

  it('probeWord: a probe whose own reply names the target has not succeeded', async () => {
    const stage = new Stage({ script: BACK, queries: [NONE, NONE] });
    await stage.plays(`
      announce
      query 1 begins
      query 2 begins
      auth on blue reaches the engine
      auth on blue: ok, announces green
      cutover
      back
      auth on green reaches the engine
      auth on green: ok, announces blue
    `);
    expect(stage.target).toBe('blue');
    expect(stage.candidate).toBe(null);
    await stage.ends();
    expect(stage.metrics.switches).toBe(0);
  });

  it('probeAfter: an authentication that was sent before the word is not its probe', async () => {
    const stage = new Stage({ script: BACK, queries: [NONE, NONE] });
    await stage.plays(`
      announce
      query 1 begins
      query 2 begins
      auth on blue reaches the engine
      auth on blue: ok, announces green
      auth on green reaches the engine
      cutover
      back
      prepare of query 1 on blue reaches the engine
      prepare of query 2 on blue reaches the engine
      prepare of query 1 on blue: ok, announces blue
      auth on green: ok, announces green
    `);
    // Blue was named by a reply whose request is older than the announcement of green, and whose reply is younger.
    expect(stage.target).toBe('blue');
    await stage.ends();
    expect(stage.target).toBe('blue');
  });

  it('retryIfNamed: a refused candidate that nobody names again is dropped', async () => {
    const stage = new Stage({ script: ['announce'], early: true, queries: [NONE] });
    await stage.plays(`
      announce
      query 1 begins
      auth on blue reaches the engine
      auth on blue: ok, announces green
      auth on green reaches the engine
      auth on green: 456
    `);
    expect(stage.candidate).toBe(null);
    await stage.plays(`
      prepare of query 1 on blue reaches the engine
      prepare of query 1 on blue: ok, announces green
    `);
    expect(stage.candidate).toBe('green');
    await stage.ends();
    expect(stage.target).toBe('blue');
  });

  it('backoff: a refused deployment is asked again after a pause', async () => {
    const stage = new Stage({ script: ['announce', 'cutover'], early: true, queries: [NONE, NONE] });
    await stage.plays(`
      announce
      query 1 begins
      auth on blue reaches the engine
      auth on blue: ok, announces green
      auth on green reaches the engine
      prepare of query 1 on blue reaches the engine
      prepare of query 1 on blue: ok, announces green
      auth on green: 456
    `);
    // Named again since: it is probed again, but not at once.
    expect(stage.candidate).toBe('green');
    expect(stage.underWay).toEqual(['execute of query 1 on blue']);
    await stage.plays('time passes');
    expect(stage.underWay).toContain('auth on green');
    await stage.ends();
  });

  it('singleFlight: queries that begin together share one authentication', async () => {
    const stage = new Stage();
    await stage.plays(`
      query 1 begins
      auth on blue reaches the engine
      query 2 begins
    `);
    expect(stage.underWay).toEqual(['auth on blue']);
    await stage.ends();
    expect(stage.metrics.authentications).toEqual({ blue: 1, green: 0 });
  });

  it('a target that refuses calls gives way to what takes them, also while it is announced again', async () => {
    const script = [...SWITCH, 'announce'] as const;
    const stage = new Stage({ script, early: true, queries: [NONE] });
    await stage.plays(`
      announce
      cutover
      off
      announce
      query 1 begins
      auth on blue reaches the engine
      auth on blue: 456
      auth on green reaches the engine
      auth on green: ok, announces blue
    `);
    expect(stage.target).toBe('green');
    expect(stage.candidate).toBe('blue');
    expect(stage.underWay).toEqual(['prepare of query 1 on green']);
    await stage.ends();
    expect(stage.outcomes).toEqual(['ok']);
  });
});
