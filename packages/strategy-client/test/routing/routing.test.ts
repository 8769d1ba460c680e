import { describe, expect, it } from 'vitest';
import type { Prober } from '../../src/routing/candidate.js';
import { Routing } from '../../src/routing/routing.js';
import { ManualClock } from '../support/manual-clock.js';

interface Stage {
  readonly routing: Routing;
  readonly clock: ManualClock;
  readonly prober: Prober;
  readonly told: string[];
}

function make(): Stage {
  const clock = new ManualClock();
  const told: string[] = [];
  const prober: Prober = { needsCalls: false, probe: () => void told.push('probe') };
  const routing = new Routing({
    clock,
    cacheTimeoutMs: 1_000,
    guess: 'blue',
    listener: {
      confirmed: (strategy) => void told.push(`confirmed ${strategy}`),
      nominated: (strategy) => void told.push(`nominated ${strategy}`),
      moved: (from, to, reason) => void told.push(`moved ${from} ${to} ${reason}`),
    },
  });
  return { routing, clock, prober, told };
}

describe('the routing target', () => {
  it('is a guess until an answer from it confirms it, and again when that is long ago', () => {
    const { routing, clock, prober, told } = make();
    expect([routing.target, routing.isConfirmed]).toEqual(['blue', false]);
    routing.heard(routing.sent('green', false), null, prober);
    expect(routing.isConfirmed).toBe(false);
    routing.heard(routing.sent('blue', false), null, prober);
    clock.advance(1_000);
    expect(routing.isConfirmed).toBe(true);
    clock.advance(1);
    expect(routing.isConfirmed).toBe(false);
    routing.heard(routing.sent('blue', false), null, prober);
    expect(told).toEqual(['confirmed blue', 'confirmed blue']);
  });

  it('takes a better guess only while nobody knows better', () => {
    const { routing, prober } = make();
    routing.guess('green');
    expect(routing.target).toBe('green');
    routing.heard(routing.sent('green', false), null, prober);
    routing.guess('blue');
    expect(routing.target).toBe('green');
    routing.forget();
    routing.guess('blue');
    expect(routing.target).toBe('blue');
  });

  it('moves when a probe that was sent after the word succeeds', () => {
    const { routing, prober, told } = make();
    const before = routing.sent('green', true);
    routing.heard(routing.sent('blue', false), 'green', prober);
    routing.heard(before, null, prober);
    routing.proved(before, null);
    expect(routing.target).toBe('blue');
    const probe = routing.sent('green', true);
    routing.heard(probe, null, prober);
    routing.proved(probe, null);
    expect(routing.target).toBe('green');
    expect(told).toEqual(['confirmed blue', 'nominated green', 'probe', 'moved blue green probe']);
  });

  it('heeds the number of the candidate: a probe of an earlier candidacy proves nothing', () => {
    const { routing, prober } = make();
    routing.nominate('green', prober);
    const old = routing.sent('green', true);
    routing.withdraw();
    routing.nominate('green', prober);
    routing.heard(old, null, prober);
    routing.proved(old, null);
    expect([routing.target, routing.candidate?.strategy]).toEqual(['blue', 'green']);
  });

  it('names a candidate that is named again only once', () => {
    const { routing, prober, told } = make();
    routing.nominate('green', prober);
    const probe = routing.sent('green', true);
    routing.nominate('green', prober);
    routing.proved(probe, null);
    expect(routing.target).toBe('green');
    expect(told.filter((line) => line === 'nominated green')).toHaveLength(1);
  });

  it('drops the candidate for a newer word for the target, and doubts it for one of the same time', () => {
    const { routing, prober } = make();
    const older = routing.sent('green', false);
    routing.nominate('green', prober);
    const probe = routing.sent('green', true);
    routing.heard(older, 'blue', prober);
    expect(routing.candidate?.strategy).toBe('green');
    routing.proved(probe, null);
    expect(routing.target).toBe('blue');
    routing.heard(routing.sent('green', false), 'blue', prober);
    expect(routing.candidate).toBe(null);
  });

  it('drops a refused candidate, but for one that was named since the probe was sent', async () => {
    const { routing, prober } = make();
    routing.nominate('green', prober);
    const early = routing.sent('green', true);
    routing.nominate('green', prober);
    const waits = routing.decision();
    routing.refused(early, 'mismatch');
    await waits;
    expect(routing.candidate?.strategy).toBe('green');
    routing.refused(routing.sent('green', true), 'mismatch');
    expect(routing.candidate).toBe(null);
    routing.nominate('green', prober);
    const wrong = routing.sent('green', true);
    routing.nominate('green', prober);
    routing.refused(wrong, 'password');
    expect(routing.candidate).toBe(null);
  });

  it('makes the other deployment the candidate when the target refuses, and says where to wait', async () => {
    const { routing, prober } = make();
    expect(routing.mismatched('green', prober)).toBe(false);
    expect(routing.mismatched('blue', prober)).toBe(true);
    expect(routing.candidate?.strategy).toBe('green');
    let decided = false;
    const waits = routing.decision().then(() => {
      decided = true;
    });
    await Promise.resolve();
    expect(decided).toBe(false);
    routing.move('green', 'probe');
    await waits;
    await routing.decision();
  });

  it('changes places with a candidate that takes calls and names the target, which refuses them', () => {
    const { routing, prober } = make();
    routing.mismatched('blue', prober);
    const probe = routing.sent('green', true);
    routing.heard(probe, 'blue', prober);
    routing.proved(probe, 'blue');
    expect([routing.target, routing.candidate?.strategy]).toEqual(['green', 'blue']);
  });

  it('adopts the store: what is under way is older than that', () => {
    const { routing, prober } = make();
    const under = routing.sent('green', false);
    routing.adopt('green');
    routing.nominate('blue', prober);
    routing.heard(under, 'green', prober);
    expect([routing.target, routing.candidate?.strategy]).toEqual(['green', 'blue']);
    routing.adopt('blue');
    expect([routing.target, routing.candidate]).toEqual(['blue', null]);
  });

  it('hands the candidate of a prober that leaves to another, or drops it', () => {
    const { routing, prober } = make();
    let probes = 0;
    const heir: Prober = { needsCalls: false, probe: () => void probes++ };
    routing.nominate('green', prober);
    routing.retire(heir, undefined);
    expect(routing.candidate?.prober).toBe(prober);
    routing.retire(prober, heir);
    expect([routing.candidate?.prober, probes]).toEqual([heir, 1]);
    routing.retire(heir, undefined);
    expect(routing.candidate).toBe(null);
  });
});
