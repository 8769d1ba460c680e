import { describe, expect, it } from 'vitest';
import { boardOf, StrategyManager } from '../../src/manager/strategy-manager.js';
import { inProcessStore } from '../../src/stores/in-process/in-process-store.js';
import { isValidStrategy } from '../../src/strategy.js';
import { Lines } from '../support/lines.js';
import { ManualClock } from '../support/manual-clock.js';

function make(o: { strategyCacheTimeoutMs?: number } = {}): {
  manager: StrategyManager;
  clock: ManualClock;
  lines: Lines;
} {
  const clock = new ManualClock();
  const lines = new Lines();
  const manager = new StrategyManager({
    target: 'engine:1',
    store: inProcessStore(),
    logger: lines,
    clock,
    ...o,
  });
  return { manager, clock, lines };
}

// Values that no TypeScript caller passes, but one in JavaScript may.
const fromJavaScript = (value: unknown): string => value as string;

/** The rows of the origin's API reference that a manager alone can show; each test is named after its row. */
describe('the API table', () => {
  describe('_get_active_strategy() | getActiveStrategy()', () => {
    it('is the cached colour, null when none is known', () => {
      const { manager } = make();
      expect(manager.getActiveStrategy()).toBe(null);
      manager.setActiveStrategy('green');
      expect(manager.getActiveStrategy()).toBe('green');
    });

    it('is null once it has expired, while the routing target stays', () => {
      const { manager, clock } = make({ strategyCacheTimeoutMs: 5_000 });
      manager.setActiveStrategy('green');
      clock.advance(5_000);
      expect(manager.getActiveStrategy()).toBe('green');
      clock.advance(1);
      expect(manager.getActiveStrategy()).toBe(null);
      expect(boardOf(manager).routing.target).toBe('green');
    });
  });

  describe('_set_active_strategy(s) | setActiveStrategy(s)', () => {
    it('takes any case of letters and stamps the time', () => {
      const { manager, clock } = make();
      clock.advance(1_234);
      manager.setActiveStrategy('GREEN');
      expect(manager.getActiveStrategy()).toBe('green');
      expect(manager.getSharedStrategy().lastCheckTime).toBe(clock.now());
    });

    it.each([['red'], ['GREEN '], [fromJavaScript(7)], [fromJavaScript({})]])(
      'warns of %j and changes nothing',
      (invalid) => {
        const { manager, lines } = make();
        manager.setActiveStrategy('blue');
        const before = manager.getSharedStrategy();
        manager.setActiveStrategy(invalid);
        expect(manager.getSharedStrategy()).toEqual(before);
        expect(lines.of('warn')).toEqual(['an invalid strategy is ignored; it must be blue or green']);
      },
    );

    it.each([[null], [undefined], ['']])('changes nothing for %j, silently', (empty) => {
      const { manager, lines } = make();
      manager.setActiveStrategy('blue');
      manager.setActiveStrategy(empty);
      expect(manager.getActiveStrategy()).toBe('blue');
      expect(lines.of('warn')).toEqual([]);
    });
  });

  describe('_set_pending_strategy(s) | setPendingStrategy(s)', () => {
    it('sets what differs from the active colour, in any case of letters', () => {
      const { manager } = make();
      manager.setActiveStrategy('blue');
      manager.setPendingStrategy('Green');
      expect(manager.getSharedStrategy()).toMatchObject({ activeStrategy: 'blue', pendingStrategy: 'green' });
    });

    it('warns of an invalid one and ignores it', () => {
      const { manager, lines } = make();
      manager.setPendingStrategy('purple');
      expect(manager.getSharedStrategy().pendingStrategy).toBe(null);
      expect(lines.of('warn')).toHaveLength(1);
    });

    it('cancels what is pending when it is the active colour (the origin keeps it)', () => {
      const { manager } = make();
      manager.setActiveStrategy('blue');
      manager.setPendingStrategy('green');
      manager.setPendingStrategy('blue');
      expect(manager.getSharedStrategy().pendingStrategy).toBe(null);
      expect(manager.applyPendingStrategy()).toBe(null);
    });
  });

  describe('_apply_pending_strategy() | applyPendingStrategy()', () => {
    it('makes pending active, clears it, stamps the time, logs, and returns the colour', () => {
      const { manager, clock, lines } = make();
      manager.setActiveStrategy('blue');
      manager.setPendingStrategy('green');
      clock.advance(777);
      expect(manager.applyPendingStrategy()).toBe('green');
      expect(manager.getSharedStrategy()).toEqual({
        activeStrategy: 'green',
        pendingStrategy: null,
        lastCheckTime: clock.now(),
        queryStrategyMap: {},
      });
      expect(lines.of('info')).toEqual(['strategy transition completed: blue -> green']);
    });

    it('returns null when nothing is pending', () => {
      const { manager } = make();
      expect(manager.applyPendingStrategy()).toBe(null);
    });

    it('is unconditional for callers: also while queries run', () => {
      const { manager } = make();
      manager.setActiveStrategy('blue');
      manager.registerQueryStrategy('q1', 'blue');
      manager.setPendingStrategy('green');
      expect(manager.applyPendingStrategy()).toBe('green');
      expect(manager.getQueryStrategy('q1')).toBe('blue');
    });
  });

  describe('_clear_strategy_cache() | clearStrategyCache()', () => {
    it('forgets active, time and pending, and keeps the pins of queries', () => {
      const { manager } = make();
      manager.setActiveStrategy('blue');
      manager.registerQueryStrategy('q1', 'blue');
      manager.setPendingStrategy('green');
      manager.clearStrategyCache();
      expect(manager.getSharedStrategy()).toEqual({
        activeStrategy: null,
        lastCheckTime: 0,
        pendingStrategy: null,
        queryStrategyMap: { q1: 'blue' },
      });
      expect(manager.getQueryStrategy('q1')).toBe('blue');
    });
  });

  describe('_register_query_strategy(id, s) | registerQueryStrategy(id, s)', () => {
    it('pins in lower case', () => {
      const { manager } = make();
      manager.registerQueryStrategy('q1', 'GREEN');
      expect(manager.getSharedStrategy().queryStrategyMap).toEqual({ q1: 'green' });
    });

    it.each([
      ['', 'blue'],
      [null, 'blue'],
      [undefined, 'blue'],
      ['q1', ''],
      ['q1', null],
      ['q1', undefined],
    ])('ignores id %j with colour %j', (id, colour) => {
      const { manager, lines } = make();
      manager.registerQueryStrategy(id, colour);
      expect(manager.getSharedStrategy().queryStrategyMap).toEqual({});
      expect(lines.of('warn')).toEqual([]);
    });

    it('warns of an invalid colour and ignores it', () => {
      const { manager, lines } = make();
      manager.registerQueryStrategy('q1', 'teal');
      expect(manager.getSharedStrategy().queryStrategyMap).toEqual({});
      expect(lines.of('warn')).toHaveLength(1);
    });
  });

  describe('_get_query_strategy(id) | getQueryStrategy(id)', () => {
    it('is the pin, else the active colour, else null', () => {
      const { manager } = make();
      expect(manager.getQueryStrategy('q1')).toBe(null);
      manager.setActiveStrategy('green');
      manager.registerQueryStrategy('q1', 'blue');
      expect(manager.getQueryStrategy('q1')).toBe('blue');
      expect(manager.getQueryStrategy('q2')).toBe('green');
      expect(manager.getQueryStrategy('')).toBe('green');
      expect(manager.getQueryStrategy(null)).toBe('green');
    });
  });

  describe('_cleanup_query_strategy(id) | cleanupQueryStrategy(id)', () => {
    it('ends a pin; repeated, unknown or empty it does nothing', () => {
      const { manager } = make();
      manager.setActiveStrategy('green');
      manager.registerQueryStrategy('q1', 'blue');
      for (const id of ['q1', 'q1', 'q2', '', null, undefined]) manager.cleanupQueryStrategy(id);
      expect(manager.getQueryStrategy('q1')).toBe('green');
      expect(manager.metrics().pinned).toEqual({ blue: 0, green: 0 });
    });

    it('applies what a caller has set as pending', () => {
      const { manager } = make();
      manager.setActiveStrategy('blue');
      manager.registerQueryStrategy('q1', 'blue');
      manager.setPendingStrategy('green');
      manager.cleanupQueryStrategy('q1');
      expect(manager.getActiveStrategy()).toBe('green');
    });
  });

  describe('_get_grpc_header(engine_ip, cluster, strategy) | getGrpcHeader({ engineIp, cluster, strategy })', () => {
    it('has the entries in order, the cluster as given, the strategy in lower case', () => {
      const { manager } = make();
      expect(manager.getGrpcHeader({ strategy: 'BLUE', cluster: 'Prod', engineIp: '10.0.0.1' })).toEqual([
        ['plannerip', '10.0.0.1'],
        ['cluster-name', 'Prod'],
        ['strategy', 'blue'],
      ]);
    });

    it('leaves out what is empty', () => {
      const { manager, lines } = make();
      expect(manager.getGrpcHeader()).toEqual([]);
      expect(manager.getGrpcHeader({ engineIp: '', cluster: null, strategy: undefined })).toEqual([]);
      expect(manager.getGrpcHeader({ cluster: 'c' })).toEqual([['cluster-name', 'c']]);
      expect(lines.of('warn')).toEqual([]);
    });

    it.each([['red'], ['blue '], [7], [{}]])('warns of the strategy %j and leaves it out', (strategy) => {
      const { manager, lines } = make();
      expect(manager.getGrpcHeader({ engineIp: '10.0.0.1', strategy })).toEqual([['plannerip', '10.0.0.1']]);
      expect(lines.of('warn')).toEqual(['an invalid strategy is left out of the header; give blue or green']);
    });
  });

  describe('_get_shared_strategy() | getSharedStrategy()', () => {
    it('is a snapshot that later changes leave alone', () => {
      const { manager } = make();
      manager.setActiveStrategy('blue');
      manager.registerQueryStrategy('q1', 'blue');
      const snapshot = manager.getSharedStrategy();
      manager.setActiveStrategy('green');
      manager.cleanupQueryStrategy('q1');
      expect(snapshot).toMatchObject({ activeStrategy: 'blue', queryStrategyMap: { q1: 'blue' } });
    });

    it('is shared through the store by managers of one target and cluster, and not beyond', async () => {
      const store = inProcessStore();
      const first = new StrategyManager({ target: 'engine:1', cluster: 'Prod', store });
      const second = new StrategyManager({ target: 'engine:1', cluster: 'prod', store });
      const stranger = new StrategyManager({ target: 'engine:2', cluster: 'prod', store });
      for (const one of [first, second, stranger]) await boardOf(one).ready;
      first.setActiveStrategy('green');
      first.registerQueryStrategy('q1', 'green');
      await boardOf(first).ready;
      await boardOf(second).ready;
      expect(second.getSharedStrategy()).toMatchObject({ activeStrategy: 'green', queryStrategyMap: {} });
      expect(stranger.getSharedStrategy().activeStrategy).toBe(null);
      for (const one of [first, second, stranger]) await one.close();
    });

    it('is that of this process when the store fails', async () => {
      const lines = new Lines();
      const broken = new Error('the store is away');
      const manager = new StrategyManager({
        target: 'engine:1',
        logger: lines,
        store: () => ({
          read: () => Promise.reject(broken),
          compareAndSet: () => Promise.reject(broken),
          subscribe: () => () => {},
          [Symbol.asyncDispose]: async () => {},
        }),
      });
      manager.setActiveStrategy('green');
      await boardOf(manager).ready;
      expect(manager.getSharedStrategy().activeStrategy).toBe('green');
      expect(lines.of('warn')[0]).toBe('the shared store failed; this process goes on by itself');
    });
  });

  describe('_strategy_lock | state changes synchronous between awaits', () => {
    it('shows a change to whoever looks next, also from within a listener', () => {
      const { manager } = make();
      manager.setActiveStrategy('blue');
      const seen: unknown[] = [];
      manager.on('switched', () => seen.push(manager.getSharedStrategy().activeStrategy));
      manager.setActiveStrategy('green');
      expect(seen).toEqual(['green']);
    });
  });

  describe('STRATEGY_CACHE_TIMEOUT=300 | strategyCacheTimeoutMs=300_000', () => {
    it('is 300 s by default', () => {
      const { manager, clock } = make();
      manager.setActiveStrategy('blue');
      clock.advance(300_000);
      expect(manager.getActiveStrategy()).toBe('blue');
      clock.advance(1);
      expect(manager.getActiveStrategy()).toBe(null);
    });

    it.each([[0], [999], [86_400_001], [Number.NaN]])('refuses %d', (strategyCacheTimeoutMs) => {
      expect(() => make({ strategyCacheTimeoutMs })).toThrow(
        /strategyCacheTimeoutMs is .*; give a number from/,
      );
    });
  });

  describe('validate_strategy | isValidStrategy(x)', () => {
    it('is true for blue and green in any case of letters, false for all else', () => {
      for (const valid of ['blue', 'green', 'Blue', 'GREEN']) expect(isValidStrategy(valid)).toBe(true);
      for (const invalid of ['', ' blue', 'red', null, undefined, 0, {}, ['blue']])
        expect(isValidStrategy(invalid)).toBe(false);
    });
  });

  describe('debug_strategy_state | getStrategyDebugInfo()', () => {
    it('tells active, pending, times, the number of queries, and now', () => {
      const { manager, clock } = make();
      manager.setActiveStrategy('green');
      const transition = clock.now();
      clock.advance(1_000);
      manager.setActiveStrategy('green');
      manager.registerQueryStrategy('q1', 'green');
      manager.setPendingStrategy('blue');
      clock.advance(500);
      expect(manager.getStrategyDebugInfo()).toEqual({
        active: 'green',
        pending: 'blue',
        lastCheck: transition + 1_000,
        lastTransition: transition,
        queryCount: 1,
        now: transition + 1_500,
      });
    });
  });

  describe('logging | logger and events', () => {
    it('logs transitions as info and invalid colours as warnings', () => {
      const { manager, lines } = make();
      manager.setActiveStrategy('blue');
      manager.setActiveStrategy('green');
      manager.setActiveStrategy('grey');
      expect(lines.all.map(({ level }) => level)).toEqual(['info', 'warn']);
    });

    it('tells detected, pending, switched, and drained', () => {
      const { manager, clock } = make();
      const told: unknown[] = [];
      for (const event of ['detected', 'pending', 'switched', 'drained'] as const)
        manager.on(event, (payload) => told.push({ event, ...payload }));
      manager.setActiveStrategy('blue');
      manager.registerQueryStrategy('q1', 'blue');
      boardOf(manager).routing.nominate('green', { needsCalls: false, probe: () => {} });
      manager.applyPendingStrategy();
      clock.advance(250);
      manager.cleanupQueryStrategy('q1');
      expect(told).toEqual([
        { event: 'detected', strategy: 'blue' },
        { event: 'pending', strategy: 'green', active: 'blue' },
        { event: 'switched', from: 'blue', to: 'green', reason: 'caller' },
        { event: 'drained', strategy: 'blue', drainMs: 250 },
      ]);
    });

    it('survives a listener that throws, and one that was taken away hears nothing', () => {
      const { manager, lines } = make();
      const told: string[] = [];
      manager.on('detected', () => {
        throw new Error('not my day');
      });
      const off = manager.on('detected', () => void told.push('gone'));
      manager.on('detected', ({ strategy }) => void told.push(strategy));
      off();
      manager.setActiveStrategy('blue');
      expect(told).toEqual(['blue']);
      expect(lines.of('warn')).toEqual(['a listener threw']);
    });
  });

  describe('metrics/health | metrics()', () => {
    it('counts switches, pins and drains, in a copy', () => {
      const { manager, clock } = make();
      manager.setActiveStrategy('blue');
      manager.registerQueryStrategy('q1', 'blue');
      manager.registerQueryStrategy('q1', 'blue');
      manager.setActiveStrategy('green');
      const before = manager.metrics();
      clock.advance(50);
      manager.cleanupQueryStrategy('q1');
      expect(before).toMatchObject({ switches: 1, pinned: { blue: 1, green: 0 }, drains: { count: 0 } });
      const { drains, pinned } = manager.metrics();
      expect(pinned).toEqual({ blue: 0, green: 0 });
      expect(drains).toMatchObject({ count: 1, sumMs: 50, atMost: [0, 1, 1, 1, 1, 1, 1] });
    });
  });
});
