import { describe, expect, it } from 'vitest';
import { LOSSES } from '../config.js';
import { Stage } from './stage.js';

const NONE = { idempotent: false, rows: 0 };
const ONE = { idempotent: false, rows: 1 };
const AGAIN = { idempotent: true, rows: 1 };
const SWITCH = ['announce', 'cutover', 'off'] as const;
const LOSS = { faults: 1, kinds: LOSSES };

const STARTED = `
  query 1 begins
  auth on blue reaches the engine
  auth on blue: ok
  prepare of query 1 on blue reaches the engine
  prepare of query 1 on blue: ok
  execute of query 1 on blue reaches the engine
`;
const READING = `${STARTED}
  execute of query 1 on blue: ok
  meta of query 1 on blue reaches the engine
  meta of query 1 on blue: ok
`;

/** One test for each rule of the executable model, in the shortest trace in which breaking it does harm. */
describe('queries, as in the traces of the model', () => {
  it('sessionPerColour: a running query keeps its session when another deployment is authenticated', async () => {
    const stage = new Stage({ script: SWITCH });
    await stage.plays(`
      announce
      query 1 begins
      auth on blue reaches the engine
      auth on blue: ok, announces green
      auth on green reaches the engine
      prepare of query 1 on blue reaches the engine
      cutover
      prepare of query 1 on blue: ok, announces green
      auth on green: ok, announces green
      execute of query 1 on blue reaches the engine
      execute of query 1 on blue: ok, announces green
      meta of query 1 on blue reaches the engine
      meta of query 1 on blue: ok, announces green
    `);
    await stage.ends();
    expect(stage.metrics.authentications).toEqual({ blue: 1, green: 1 });
    expect(stage.outcomes).toEqual(['ok', 'ok']);
  });

  it('executeOnce: an execute whose answer is lost is not repeated', async () => {
    const stage = new Stage({ ...LOSS, queries: [ONE] });
    await stage.plays(`${STARTED}
      execute of query 1 on blue: reply lost
    `);
    expect(stage.outcomes).toEqual(['LostAfterSend']);
    expect(stage.underWay).toEqual(['clear of query 1 on blue']);
    await stage.ends();
    expect(stage.metrics.lostAfterSend).toBe(1);
  });

  it('executeOnce: but one that was not sent is, and so is an idempotent one', async () => {
    const unsent = new Stage({ ...LOSS, queries: [ONE] });
    await unsent.plays(`${STARTED.replace(/.*execute.*\n/, '')}
      execute of query 1 on blue: before send
    `);
    await unsent.ends();
    expect(unsent.outcomes).toEqual(['ok']);
    const idempotent = new Stage({ ...LOSS, queries: [AGAIN] });
    await idempotent.plays(`${STARTED}
      execute of query 1 on blue: reply lost
      time passes
      execute of query 1 on blue reaches the engine
    `);
    await idempotent.ends();
    expect(idempotent.outcomes).toEqual(['ok']);
  });

  it('batchOnce: a batch whose answer is lost is not asked for again', async () => {
    const stage = new Stage({ ...LOSS, queries: [ONE] });
    await stage.plays(`${READING}
      batch of query 1 on blue reaches the engine
      batch of query 1 on blue: reply lost
    `);
    expect(stage.outcomes).toEqual(['LostAfterSend']);
    await stage.ends();
  });

  it('batchOnce: but an idempotent query of which no row was delivered starts anew', async () => {
    const stage = new Stage({ ...LOSS, queries: [AGAIN] });
    await stage.plays(`${READING}
      batch of query 1 on blue reaches the engine
      batch of query 1 on blue: reply lost
    `);
    expect(stage.underWay.sort()).toEqual(['clear of query 1 on blue', 'prepare of query 1 on blue']);
    await stage.ends();
    expect(stage.outcomes).toEqual(['ok']);
  });

  it('leaseClears: a query is cleared where it ran, after the target has moved', async () => {
    const stage = new Stage({ script: SWITCH, queries: [NONE] });
    await stage.plays(`
      announce
      query 1 begins
      auth on blue reaches the engine
      auth on blue: ok, announces green
      auth on green reaches the engine
      prepare of query 1 on blue reaches the engine
      cutover
      auth on green: ok, announces green
      prepare of query 1 on blue: ok, announces green
      execute of query 1 on blue reaches the engine
      execute of query 1 on blue: ok, announces green
      meta of query 1 on blue reaches the engine
      meta of query 1 on blue: ok, announces green
      batch of query 1 on blue reaches the engine
      batch of query 1 on blue: ok, announces green
    `);
    expect(stage.target).toBe('green');
    expect(stage.underWay).toEqual(['clear of query 1 on blue']);
    await stage.ends();
  });

  it('leaseReads: a read that gets 456 does not go to the other deployment', async () => {
    const stage = new Stage({ script: SWITCH, shortDrain: true, queries: [ONE] });
    await stage.plays(`${STARTED}
      announce
      cutover
      off before the queries end
      execute of query 1 on blue: ok
      meta of query 1 on blue reaches the engine
      meta of query 1 on blue: 456
    `);
    expect(stage.outcomes).toEqual(['DeploymentGoneError']);
    await stage.ends();
    expect(stage.metrics.deploymentsGone).toBe(1);
  });

  it('passwordEnds: a wrong password is not tried twice', async () => {
    const stage = new Stage({ wrong: ['blue', 'green'] });
    await stage.plays(`
      query 1 begins
      query 2 begins
      auth on blue reaches the engine
      auth on blue: wrong password
    `);
    expect(stage.outcomes).toEqual(['AuthenticationError', 'AuthenticationError']);
    expect(stage.underWay).toEqual([]);
    await stage.ends();
    expect(stage.metrics.authentications).toEqual({ blue: 1, green: 0 });
  });

  it('notFoundGone: NOT_FOUND is not the end of the rows', async () => {
    const stage = new Stage({ script: [...SWITCH, 'announce'], shortDrain: true, queries: [ONE] });
    await stage.plays(`${STARTED}
      execute of query 1 on blue: ok
      meta of query 1 on blue reaches the engine
      announce
      cutover
      off before the queries end
      announce
      meta of query 1 on blue: ok
      batch of query 1 on blue reaches the engine
      batch of query 1 on blue: expired
      time passes
    `);
    expect(stage.underWay).toEqual(['auth on blue']);
    await stage.plays(`
      auth on blue reaches the engine
      auth on blue: ok, announces blue
      batch of query 1 on blue reaches the engine
      batch of query 1 on blue: not found
    `);
    expect(stage.outcomes).toEqual(['DeploymentGoneError']);
    await stage.ends();
  });

  it('reauth456: a 456 to a re-authentication does not run an executed query again', async () => {
    const stage = new Stage({
      script: ['announce', 'cutover'],
      faults: 1,
      kinds: ['expire'],
      queries: [NONE],
    });
    await stage.plays(`
      announce
      query 1 begins
      auth on blue reaches the engine
      auth on blue: ok, announces green
      auth on green reaches the engine
      prepare of query 1 on blue reaches the engine
      cutover
      auth on green: ok, announces green
      prepare of query 1 on blue: ok, announces green
      execute of query 1 on blue reaches the engine
      execute of query 1 on blue: ok, announces green
      meta of query 1 on blue reaches the engine
      meta of query 1 on blue: ok, announces green
      sessions on blue expire
      batch of query 1 on blue reaches the engine
      batch of query 1 on blue: expired
      time passes
      auth on blue reaches the engine
      auth on blue: 456
    `);
    expect(stage.outcomes).toEqual(['DeploymentGoneError']);
    await stage.ends();
  });

  it('a second Access denied to a read means that the deployment is gone', async () => {
    const stage = new Stage({ faults: 2, kinds: ['expire'], queries: [ONE] });
    await stage.plays(`${READING}
      sessions on blue expire
      batch of query 1 on blue reaches the engine
      batch of query 1 on blue: expired
      time passes
      auth on blue reaches the engine
      auth on blue: ok
      sessions on blue expire
      batch of query 1 on blue reaches the engine
      batch of query 1 on blue: expired
    `);
    expect(stage.outcomes).toEqual(['DeploymentGoneError']);
    await stage.ends();
  });
});
