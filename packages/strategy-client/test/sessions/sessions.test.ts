import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { StrategyClientError } from '../../src/errors.js';
import { OpenerStage, turn } from './scripted-opener.js';

const MISMATCH = [status.UNKNOWN, 'Received HTTP status code 456'] as const;
const LOST = [status.UNAVAILABLE, 'Connection dropped'] as const;

describe('the sessions of one user', () => {
  it('opens one session for all who ask at once, and keeps one for each deployment', async () => {
    const { sessions, asked, board } = new OpenerStage();
    const openings = [sessions.open('blue'), sessions.open('blue'), sessions.open('green')];
    expect(asked.map(({ strategy }) => strategy)).toEqual(['blue', 'green']);
    await asked[0]?.answer('b1');
    await asked[1]?.answer('g1');
    expect(await Promise.all(openings)).toEqual([
      { kind: 'open', session: 'b1' },
      { kind: 'open', session: 'b1' },
      { kind: 'open', session: 'g1' },
    ]);
    expect([sessions.get('blue'), sessions.get('green')]).toEqual(['b1', 'g1']);
    expect(board.counters.authentications).toEqual({ blue: 1, green: 1 });
  });

  it('forgets only the session that was refused, not the one that has taken its place', async () => {
    const stage = new OpenerStage();
    const { sessions } = stage;
    void sessions.open('blue');
    await stage.latest.answer('b1');
    sessions.forget('blue', 'b1');
    expect(sessions.get('blue')).toBe(undefined);
    await stage.clock.advanceAsync(1_000);
    void sessions.open('blue');
    await stage.latest.answer('b2');
    sessions.forget('blue', 'b1');
    expect(sessions.get('blue')).toBe('b2');
    expect(stage.board.counters.reauthentications).toEqual({ blue: 1, green: 0 });
  });

  it('pauses before it replaces a session that was refused as soon as it was opened', async () => {
    const stage = new OpenerStage();
    const { sessions, clock } = stage;
    void sessions.open('blue');
    await stage.latest.answer('b1');
    sessions.forget('blue', 'b1');
    void sessions.open('blue');
    await clock.advanceAsync(199);
    expect(stage.asked).toHaveLength(1);
    await clock.advanceAsync(1);
    expect(stage.asked).toHaveLength(2);
  });

  it('doubles the pause after each lost answer up to its limit, and begins anew after a success', async () => {
    const stage = new OpenerStage();
    const { sessions, clock } = stage;
    const pauses: number[] = [];
    for (let at = 0; at < 6; at++) {
      const before = clock.monotonic();
      void sessions.open('blue');
      await turn();
      for (const already = stage.asked.length; at > 0 && stage.asked.length === already; )
        await clock.advanceAsync(10);
      pauses.push(clock.monotonic() - before);
      await stage.latest.fail(...LOST);
    }
    expect(pauses).toEqual([0, 200, 400, 800, 1_600, 2_000]);
    void sessions.open('blue');
    await clock.advanceAsync(2_000);
    await stage.latest.answer('b1');
    void sessions.open('blue');
    await turn();
    await stage.latest.fail(...LOST);
    void sessions.open('blue');
    await clock.advanceAsync(200);
    expect(stage.asked).toHaveLength(9);
  });

  it('jitters each pause by a quarter in both directions', async () => {
    for (const [random, pauseMs] of [
      [0, 150],
      [0.999_999, 250],
    ] as const) {
      const stage = new OpenerStage({ random: () => random });
      void stage.sessions.open('blue');
      await stage.latest.fail(...LOST);
      void stage.sessions.open('blue');
      await stage.clock.advanceAsync(pauseMs - 1);
      expect(stage.asked).toHaveLength(1);
      await stage.clock.advanceAsync(1);
      expect(stage.asked).toHaveLength(2);
    }
  });

  it('probes a deployment that is announced and refuses for a minute at most five times a second, and then at once', async () => {
    const stage = new OpenerStage();
    const { sessions, clock, board } = stage;
    const ticket = board.routing.sent('blue', false);
    board.routing.heard(ticket, 'green', sessions);
    const end = clock.monotonic() + 60_000;
    while (clock.monotonic() < end) {
      // Every reply names it again.
      board.routing.heard(board.routing.sent('blue', false), 'green', sessions);
      if (stage.asked.length > 0) await stage.latest.fail(...MISMATCH);
      await clock.advanceAsync(50);
    }
    expect(stage.asked.length).toBeLessThanOrEqual(300);
    expect(stage.asked.length).toBeGreaterThan(100);
    board.routing.heard(board.routing.sent('blue', false), 'green', sessions);
    await clock.advanceAsync(500);
    await stage.latest.answer('g1', 'green');
    expect(board.routing.target).toBe('green');
  });

  it('probes deployments that name each other at most five times a second', async () => {
    const stage = new OpenerStage();
    const { sessions, clock, board } = stage;
    const end = clock.monotonic() + 60_000;
    let answered = 0;
    while (clock.monotonic() < end) {
      board.routing.heard(board.routing.sent('blue', false), 'green', sessions);
      if (stage.asked.length > answered) await stage.latest.answer(`g${++answered}`, 'blue');
      await clock.advanceAsync(10);
    }
    // And the first, for which nobody waits.
    expect(stage.asked.length).toBeLessThanOrEqual(301);
    expect(board.routing.target).toBe('blue');
  });

  it('tells credentials that are refused, an engine without the call, and an error of its own', async () => {
    const stage = new OpenerStage();
    for (const [code, details, expected] of [
      [status.UNAUTHENTICATED, 'wrong', 'AUTHENTICATION'],
      [status.PERMISSION_DENIED, 'wrong', 'AUTHENTICATION'],
      [status.INTERNAL, 'Access denied', 'AUTHENTICATION'],
      [status.UNIMPLEMENTED, 'no such call', 'NOT_IMPLEMENTED'],
      [status.INVALID_ARGUMENT, 'no user of that name', 'QUERY_FAILED'],
    ] as const) {
      const opening = stage.sessions.open('blue');
      await stage.clock.advanceAsync(2_500);
      await stage.latest.fail(code, details);
      expect(await opening).toMatchObject({ kind: 'refused', error: { code: expected } });
      expect(stage.sessions.refusalOf('blue')?.code).toBe(expected);
    }
  });

  it('asks again at once after a cluster was resumed, twice at most', async () => {
    let resumes = 0;
    const stage = new OpenerStage({
      resume: async () => {
        resumes++;
        return 'resumed';
      },
    });
    const opening = stage.sessions.open('blue');
    for (let at = 0; at < 3; at++)
      await stage.latest.fail(status.UNAVAILABLE, 'Received HTTP status code 503');
    expect(await opening).toMatchObject({ kind: 'lost' });
    expect(resumes).toBe(2);
  });

  it('tells why a cluster does not resume, and takes a 503 of one that is not suspended for a lost answer', async () => {
    const failed = new StrategyClientError('RESUME_FAILED', 'it sleeps');
    for (const [resume, expected] of [
      [() => Promise.reject(failed), { kind: 'failed', error: failed }],
      [async () => 'not-suspended' as const, { kind: 'lost' }],
    ] as const) {
      const stage = new OpenerStage({ resume });
      const opening = stage.sessions.open('blue');
      await stage.latest.fail(status.UNAVAILABLE, 'Received HTTP status code 503');
      expect(await opening).toMatchObject(expected);
    }
  });

  it('closed, it ends what waits and sends nothing more', async () => {
    const stage = new OpenerStage();
    void stage.sessions.open('blue');
    await stage.latest.fail(...LOST);
    const waiting = stage.sessions.open('blue');
    stage.sessions.close();
    expect(stage.clock.timers).toBe(0);
    expect(await waiting).toMatchObject({ kind: 'failed', error: { code: 'CLOSED' } });
    const late = stage.sessions.open('green');
    expect(stage.asked).toHaveLength(1);
    expect(await late).toMatchObject({ kind: 'failed', error: { code: 'CLOSED' } });
  });
});
