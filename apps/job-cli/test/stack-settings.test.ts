import { describe, expect, it } from 'vitest';
import { type CoordinationFlags, resolveCoordination } from '../src/config/coordination-settings.js';
import {
  type EngineFlags,
  type EngineSettings,
  resolveEngineSettings,
} from '../src/config/engine-settings.js';
import { readWorkerFacts, toCapabilities } from '../src/group/worker-facts.js';
import { parameterOf } from '../src/query/parameter.js';
import { IdFeed } from '../src/worker/id-feed.js';
import { rivalOf } from '../src/worker/journal-check.js';
import { Pace } from '../src/worker/pace.js';
import type { RunResult } from '../src/worker/reconciler.js';
import { TermTally } from '../src/worker/term-tally.js';
import { whyOver } from '../src/worker/why-over.js';
import { resolveWorkerSettings } from '../src/worker/worker-settings.js';

const X = { cwd: '/x', file: {} };
const engineOf = (flags: EngineFlags, env: Readonly<Record<string, string>>): EngineSettings =>
  resolveEngineSettings(flags, env, X);

describe('where the engine is', () => {
  it('is the local stack, then the environment, then the command line', () => {
    expect(engineOf({}, {})).toMatchObject({
      router: { host: '127.0.0.1', port: 50_051 },
      admin: { host: '127.0.0.1', port: 50_052 },
      user: 'holdfast',
    });
    expect(engineOf({}, { ENGINE_PORT: '1', ENGINE_ADMIN_PORT: '2' })).toMatchObject({
      router: { port: 1 },
      admin: { port: 2 },
    });
    const env = { HOLDFAST_ENGINE: '[::1]:7', HOLDFAST_ENGINE_USER: 'me' };
    expect(engineOf({}, env)).toMatchObject({
      router: { host: '::1', port: 7 },
      admin: { host: '::1', port: 50_052 },
      user: 'me',
    });
    expect(engineOf({ engine: 'a:1', engineAdmin: 'b:2' }, env)).toMatchObject({
      router: { host: 'a', port: 1 },
      admin: { host: 'b', port: 2 },
    });
  });

  it('may stand in the configuration file, after command line and environment', () => {
    const inFile = (flags: EngineFlags, env: Readonly<Record<string, string>>): EngineSettings =>
      resolveEngineSettings(flags, env, { cwd: '/x', file: { engine: 'c:3' } });
    const env = { ENGINE_PORT: '1', HOLDFAST_ENGINE: 'b:2' };
    expect(inFile({}, { ENGINE_PORT: '1' }).router).toEqual({ host: 'c', port: 3 });
    expect(inFile({}, env).router).toEqual({ host: 'b', port: 2 });
    expect(inFile({ engine: 'a:1' }, env).router).toEqual({ host: 'a', port: 1 });
  });

  it('is spoken to in the clear unless TLS is asked for', () => {
    expect(engineOf({}, { HOLDFAST_ENGINE_TLS: 'off' }).tls).toBeNull();
    const trusting = { ca: null, own: null };
    expect(engineOf({ engineTls: true }, {}).tls).toEqual(trusting);
    expect(engineOf({}, { HOLDFAST_ENGINE_TLS: 'on' }).tls).toEqual(trusting);
  });

  it('keeps password and token out of what is printed by chance', () => {
    const env = { HOLDFAST_ENGINE_PASSWORD: 'secret-1', HOLDFAST_ADMIN_TOKEN: 'secret-2' };
    const settings = engineOf({}, env);
    expect([settings.password, settings.adminToken]).toEqual(['secret-1', 'secret-2']);
    expect(JSON.stringify(settings)).not.toContain('secret');
  });

  it.each(['', 'host', 'host:0', 'host:65536', 'http://host:1', 'a:b:1'])('refuses %j', (engine) => {
    expect(() => engineOf({ engine }, {})).toThrow(`--engine is ${JSON.stringify(engine)}`);
  });
});

describe('where the workers coordinate', () => {
  it('is a file in the data folder, then the environment, then the command line', () => {
    expect(resolveCoordination({}, {}, X).file).toBe('/x/.holdfast/coordination.db');
    expect(resolveCoordination({}, { HOLDFAST_DATA: 'd e' }, X)).toMatchObject({
      url: 'sqlite:/x/d%20e/coordination.db',
      file: '/x/d e/coordination.db',
      leaseMs: 5_000,
    });
    const env = { COORDINATION_URL: 'redis://u:secret@h:1/2?timeout=3', HOLDFAST_LEASE_MS: '700' };
    expect(resolveCoordination({}, env, X)).toMatchObject({
      file: null,
      shown: 'redis://h:1',
      leaseMs: 700,
    });
    expect(resolveCoordination({ coordination: 'sqlite:a.db?timeout=3' }, env, X).url).toBe(
      'sqlite:/x/a.db?timeout=3',
    );
    expect(resolveCoordination({ coordination: 'memory:' }, {}, X).shown).toBe('memory:');
  });

  it('may stand in the configuration file, after command line and environment', () => {
    const file = { coordination: 'redis://c:3' };
    const env = { COORDINATION_URL: 'redis://b:2' };
    const shown = (flags: CoordinationFlags, own: Readonly<Record<string, string>>): string =>
      resolveCoordination(flags, own, { cwd: '/x', file }).shown;
    expect(shown({}, {})).toBe('redis://c:3');
    expect(shown({}, env)).toBe('redis://b:2');
    expect(shown({ coordination: 'redis://a:1' }, env)).toBe('redis://a:1');
  });

  it.each([
    [{ COORDINATION_URL: 'here' }, 'COORDINATION_URL is no URL'],
    [{ HOLDFAST_LEASE_MS: '99' }, 'HOLDFAST_LEASE_MS is "99"'],
    [{ HOLDFAST_LEASE_MS: '5s' }, 'HOLDFAST_LEASE_MS is "5s"'],
  ])('refuses %j', (env, message) => {
    expect(() => resolveCoordination({}, env, X)).toThrow(message);
  });
});

describe('how a worker works', () => {
  const flags = { drainTimeout: 1, verifyEvery: 2, concurrency: 3 };

  it('is decided by the command line before the environment', () => {
    const env = { HOLDFAST_INTERVAL_MS: '250', HOLDFAST_WORKER_PORT: '0', HOLDFAST_WORKER_ID: 'w' };
    expect(resolveWorkerSettings(flags, {})).toMatchObject({
      intervalMs: 1_000,
      port: null,
      logLevel: 'info',
    });
    expect(resolveWorkerSettings(flags, env)).toMatchObject({ intervalMs: 250, port: 0, id: 'w' });
    const given = { ...flags, interval: 50, port: 9, id: 'x' };
    expect(resolveWorkerSettings(given, env)).toMatchObject({ intervalMs: 50, port: 9, id: 'x', drainMs: 1 });
    expect(resolveWorkerSettings(flags, {}).id).not.toBe(resolveWorkerSettings(flags, {}).id);
  });

  it.each([
    [{ HOLDFAST_INTERVAL_MS: '1' }, 'the interval is 1 ms'],
    [{ HOLDFAST_INTERVAL_MS: 'soon' }, 'HOLDFAST_INTERVAL_MS is "soon"'],
    [{ HOLDFAST_WORKER_PORT: 'x' }, 'HOLDFAST_WORKER_PORT is "x"'],
    [{ HOLDFAST_WORKER_ID: ' ' }, "the worker's id is"],
    [{ HOLDFAST_LOG_LEVEL: 'loud' }, 'HOLDFAST_LOG_LEVEL is "loud"'],
  ])('refuses %j', (env, message) => {
    expect(() => resolveWorkerSettings(flags, env)).toThrow(message);
  });
});

describe('a worker and its rivals', () => {
  const facts = { pid: 1, host: 'h', version: '1', health: null, term: null };
  const told = (journal: string, started: number) => toCapabilities({ ...facts, journal, started });
  const self = { id: 'b', journal: 'J', started: 5 };

  it('gives way to any other journal before it has joined', () => {
    const members = new Map([['z', told('K', 9)]]);
    expect(rivalOf(self, members, { joined: false, leader: null })?.id).toBe('z');
    expect(rivalOf(self, new Map([['z', told('J', 1)]]), { joined: false, leader: null })).toBeNull();
    expect(rivalOf(self, new Map([['z', null]]), { joined: false, leader: null })).toBeNull();
  });

  it('afterwards to the leader, else to who came first, so that one of two stays', () => {
    const seen = (id: string, started: number, leader: string | null) =>
      rivalOf(
        self,
        new Map([
          ['b', told('J', 5)],
          [id, told('K', started)],
        ]),
        { joined: true, leader },
      )?.id;
    expect(seen('z', 9, 'z')).toBe('z');
    expect(seen('z', 1, 'b')).toBeUndefined();
    expect([seen('z', 1, null), seen('z', 9, null)]).toEqual(['z', undefined]);
    expect([seen('a', 5, null), seen('c', 5, null)]).toEqual(['a', undefined]);
  });

  it('tells its group everything that it can read again', () => {
    const tally = new TermTally(2n ** 60n, 7);
    tally.adopted();
    tally.failed('why', 8, 2.4);
    const all = { ...facts, journal: 'J', started: 1, health: 'http://x', term: tally.report };
    expect(readWorkerFacts(toCapabilities(all))).toEqual(all);
    expect(tally.report).toMatchObject({
      term: '1152921504606846976',
      runs: 1,
      failedRuns: 1,
      adopted: 1,
      at: 8,
    });
    expect(readWorkerFacts('text')).toBeNull();
  });
});

describe('the ids of a run', () => {
  it('go on where time was up, so that none waits for ever', () => {
    let now = 0;
    const feed = new IdFeed({ now: () => now, monotonic: () => now, schedule: () => () => undefined });
    const never = new AbortController().signal;
    const take = (until: number): string[] => {
      const taken: string[] = [];
      for (const id of feed.take(['c', 'a', 'b'], until, never)) {
        taken.push(id);
        now++;
      }
      return taken;
    };
    expect([take(2), feed.isBehind]).toEqual([['a', 'b'], true]);
    expect([take(4), feed.isBehind]).toEqual([['c', 'a'], true]);
    expect([take(99), feed.isBehind]).toEqual([['b', 'c', 'a'], false]);
  });
});

describe('a parameter', () => {
  it('is text, typed, or NULL', () => {
    expect(
      ['a:b', 'LONG:5', 'DATETIME:2026-01-01T00:00:00Z', 'STRING:NULL', 'NULL'].map(parameterOf),
    ).toEqual([
      'a:b',
      { type: 'LONG', value: '5' },
      { type: 'DATETIME', value: '2026-01-01T00:00:00Z' },
      { type: 'STRING', value: 'NULL' },
      null,
    ]);
  });
});

describe('the pace of a leader', () => {
  const nothing: RunResult = {
    ...{ wanted: 6, actual: {}, created: 0, deleted: 0, repaired: 0, foreign: 0, open: 0, parked: 0 },
    ...{ colour: null, converged: true, error: null, more: false },
  };

  it('is half as fast once 15 runs had nothing to do, until one has', () => {
    for (const end of [
      { ...nothing, wanted: 7 },
      { ...nothing, created: 1 },
      { ...nothing, converged: false },
      null,
    ]) {
      const pace = new Pace(1_000);
      for (let run = 0; run < 15; run++) {
        pace.ran(nothing);
        expect(pace.pauseMs).toBe(1_000);
      }
      pace.ran(nothing);
      expect(pace.pauseMs).toBe(2_000);
      pace.ran(end);
      expect(pace.pauseMs).toBe(1_000);
    }
  });
});

describe('why a term is over', () => {
  const aborted = (code?: string): AbortSignal =>
    code === undefined ? AbortSignal.abort() : AbortSignal.abort(Object.assign(new Error(code), { code }));
  const lives = new AbortController().signal;

  it.each([
    [lives, lives, 'its work ended'],
    [aborted('LEASE_LOST'), lives, 'the lease was lost'],
    [aborted('LEASE_LOST'), aborted(), 'the lease was lost'],
    [aborted('STANDING_DOWN'), lives, 'stepping down as asked'],
    [aborted(), aborted(), 'stopping'],
    [aborted(), aborted('JOURNAL_NOT_SHARED'), 'refused: its journal is not that of the group'],
  ])('is told in words', (term, stop, words) => {
    expect(whyOver({ term, lost: lives, stop })).toBe(words);
  });

  it('is that the lease was lost, also where it was to be handed over', () => {
    const asked = { term: aborted('STANDING_DOWN'), stop: aborted() };
    expect(whyOver({ ...asked, lost: aborted('LEASE_LOST') })).toBe('the lease was lost');
  });
});
