import { describe, expect, it } from 'vitest';
import { Stage } from './stage.js';

const NONE = { idempotent: false, rows: 0 };

const BOTH_ON_BLUE = `
  process 1 reads the store
  process 1 hears what it has read: null
  process 2 reads the store
  process 2 hears what it has read: null
  announce
  query 1 begins
  query 2 begins
  auth on blue reaches the engine
  auth on blue reaches the engine
  auth on blue: ok, announces green
`;

describe('two processes over one store', () => {
  it('casFails: a word of the other process is never written over unread', async () => {
    const stage = new Stage({ script: ['announce', 'back'], processes: 2, queries: [NONE, NONE] });
    await stage.plays(`${BOTH_ON_BLUE}
      process 1 writes blue
      process 1 hears that it has written
      auth on green reaches the engine
      auth on green: ok, announces green
      process 1 writes green
      auth on blue: ok, announces green
      process 2 writes blue
      process 2 hears that it has not written
      process 2 reads the store
      process 2 hears what it has read: green
    `);
    const [, second] = stage.simulation.processes;
    expect(second?.routing.target).toBe('green');
    expect(second?.routing.candidate?.strategy).toBe('blue');
    await stage.ends();
    expect(stage.outcomes).toEqual(['ok', 'ok']);
  });

  it('contest: who loses the race adopts what won it, and proves its own finding anew', async () => {
    const stage = new Stage({ script: ['announce', 'back'], processes: 2, queries: [NONE, NONE] });
    await stage.plays(`${BOTH_ON_BLUE}
      auth on green reaches the engine
      auth on green: ok, announces green
      auth on blue: ok, announces green
    `);
    const [first, second] = stage.simulation.processes;
    expect(first?.routing.target).toBe('green');
    await stage.plays(`
      process 2 writes blue
      process 1 writes blue
      process 1 hears that it has not written
      process 1 reads the store
      process 1 hears what it has read: blue
    `);
    expect(first?.routing.target).toBe('blue');
    expect(first?.routing.candidate?.strategy).toBe('green');
    await stage.ends();
    expect(first?.routing.target).toBe('green');
    expect(second?.routing.target).toBe('green');
  });

  it('follows: what one process has proved, the other uses without a 456', async () => {
    const stage = new Stage({
      script: ['announce', 'cutover', 'off'],
      processes: 2,
      queries: [NONE, NONE, NONE, NONE],
    });
    await stage.ends();
    for (const { manager } of stage.simulation.processes)
      expect(manager.metrics().mismatches).toEqual({ blue: 0, green: 0 });
  });
});
