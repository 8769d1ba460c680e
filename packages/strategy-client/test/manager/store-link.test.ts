import { describe, expect, it } from 'vitest';
import { boardOf, StrategyManager } from '../../src/manager/strategy-manager.js';
import type { Switchboard } from '../../src/manager/switchboard.js';
import type { Prober } from '../../src/routing/candidate.js';
import type { Routing } from '../../src/routing/routing.js';
import { ManualClock } from '../support/manual-clock.js';
import { ControlledStore } from './controlled-store.js';

interface Stage {
  readonly store: ControlledStore;
  readonly manager: StrategyManager;
  readonly board: Switchboard;
  readonly routing: Routing;
  /** How often a probe was asked for. */
  readonly probes: () => number;
}

function open(): Stage {
  const store = new ControlledStore();
  const manager = new StrategyManager({ target: 'engine:1', store: () => store, clock: new ManualClock() });
  const board = boardOf(manager);
  let probes = 0;
  const prober: Prober = { needsCalls: false, probe: () => void probes++ };
  board.enlist({ prober, session: () => Promise.reject(new Error('not asked here')) });
  return { store, manager, board, routing: board.routing, probes: () => probes };
}

describe('a manager and its store', () => {
  it('takes what the store holds as a better guess than its own, which the next call confirms', async () => {
    const { store, routing, manager } = open();
    store.write('7', 'green');
    await store.next();
    expect(routing.target).toBe('green');
    expect(manager.getActiveStrategy()).toBe(null);
  });

  it('leaves alone what this process has confirmed before the first reading', async () => {
    const { store, routing } = open();
    routing.move('blue', 'probe');
    store.write('7', 'green');
    await store.next();
    expect(routing.target).toBe('blue');
  });

  it('writes down what it has proved, naming the version that it has read', async () => {
    const { store, manager, board } = open();
    store.write('7', null);
    await store.next();
    manager.setActiveStrategy('green');
    await store.next();
    expect(store.asked).toEqual(['read', '7:green']);
    await board.ready;
    expect(store.reading).toMatchObject({ version: '7+', state: { strategy: 'green' } });
  });

  it('writes nothing that the store says already', async () => {
    const { store, manager, board } = open();
    store.write('7', 'green');
    await store.next();
    manager.setActiveStrategy('green');
    await board.ready;
    expect(store.asked).toEqual(['read']);
  });

  it('adopts what a hint leads to, and does not write it back', async () => {
    const { store, routing, manager } = open();
    await store.next();
    routing.move('blue', 'probe');
    await store.next();
    store.write('8', 'green');
    store.hint();
    await store.next();
    expect(routing.target).toBe('green');
    expect(manager.getActiveStrategy()).toBe('green');
    expect(store.asked).toEqual(['read', ':blue', 'read']);
  });

  it('heeds a hint without news by nothing', async () => {
    const { store, routing } = open();
    store.write('8', 'green');
    await store.next();
    routing.move('blue', 'probe');
    await store.next();
    store.hint();
    await store.next();
    expect(routing.target).toBe('blue');
  });

  it('loses a race: reads, adopts, and probes its own finding anew', async () => {
    const { store, routing, probes } = open();
    await store.next();
    routing.move('green', 'probe');
    store.write('9', 'blue');
    await store.next();
    expect(routing.target).toBe('green');
    await store.next();
    expect(routing.target).toBe('blue');
    expect(routing.candidate?.strategy).toBe('green');
    expect(probes()).toBe(1);
    expect(store.asked).toEqual(['read', ':green', 'read']);
  });

  it('loses a race with a word that is out of date: what is proved by now is proved anew', async () => {
    const { store, routing } = open();
    await store.next();
    routing.move('blue', 'probe');
    routing.move('green', 'probe');
    store.write('9', 'blue');
    await store.next();
    await store.next();
    expect(routing.target).toBe('blue');
    expect(routing.candidate?.strategy).toBe('green');
  });

  it('loses a race to the same word: nothing is left to do', async () => {
    const { store, routing, board, probes } = open();
    await store.next();
    routing.move('green', 'probe');
    store.write('9', 'green');
    await store.next();
    await store.next();
    await board.ready;
    expect(routing.target).toBe('green');
    expect(routing.candidate).toBe(null);
    expect(probes()).toBe(0);
  });

  it('loses a race to a store that was emptied: writes again, over what it has read', async () => {
    const { store, routing, board } = open();
    await store.next();
    routing.move('green', 'probe');
    store.write('9', null);
    await store.next();
    await store.next();
    await store.next();
    await board.ready;
    expect(store.asked).toEqual(['read', ':green', 'read', '9:green']);
  });

  it('closed, it ends the subscription and the store, and heeds nothing that is still under way', async () => {
    const { store, routing, manager } = open();
    await store.next();
    store.write('9', 'green');
    store.hint();
    const closing = manager.close();
    store.hint();
    await store.next();
    await closing;
    expect(store.isDisposed).toBe(true);
    expect(routing.target).toBe('blue');
    manager.setActiveStrategy('green');
    expect(store.asked).toEqual(['read', 'read']);
  });
});
