import { describe, expect, test } from 'vitest';
import { EVENT_BUFFER, EventStream } from '../../src/watch/event-stream.js';
import type { CoordinationEvent, SnapshotEvent } from '../../src/watch/events.js';

const GROUP = 'g';
const snapshot = (...members: string[]): SnapshotEvent => ({
  type: 'snapshot',
  groupId: GROUP,
  members,
  leader: null,
  at: 0,
});
const joined = (memberId: string): CoordinationEvent => ({ type: 'joined', groupId: GROUP, memberId, at: 0 });

/** A stream, how often it was opened and closed, and the state that it would show. */
function stream(signal?: AbortSignal) {
  const seen = { opened: 0, closed: 0, state: snapshot() };
  const events = new EventStream({
    groupId: GROUP,
    now: () => 7,
    signal,
    opened: () => {
      seen.opened++;
      return { snapshot: () => seen.state };
    },
    closed: () => {
      seen.closed++;
    },
  });
  return { events, seen };
}

const DONE = { done: true, value: undefined };

describe('a stream', () => {
  test('opens with the first next, and answers waiting ones in order', async () => {
    const { events, seen } = stream();
    expect(seen.opened).toBe(0);
    const first = events.next();
    const second = events.next();
    expect(seen.opened).toBe(1);
    events.push(joined('a'));
    events.push(joined('b'));
    expect(await first).toEqual({ done: false, value: joined('a') });
    expect(await second).toEqual({ done: false, value: joined('b') });
  });

  test('keeps what nobody has come for, up to its bound, then one overflow and the state', async () => {
    const { events, seen } = stream();
    const first = events.next();
    events.push(snapshot());
    await first;
    for (let n = 0; n < EVENT_BUFFER + 5; n++) events.push(joined(`m${n}`));
    seen.state = snapshot('then');
    for (let n = 0; n < EVENT_BUFFER; n++) expect((await events.next()).value).toEqual(joined(`m${n}`));
    events.push(joined('late'));
    seen.state = snapshot('now');
    expect((await events.next()).value).toEqual({ type: 'overflow', groupId: GROUP, dropped: 6, at: 7 });
    events.push(joined('after'));
    expect((await events.next()).value).toEqual(snapshot('now'));
    expect((await events.next()).value).toEqual(joined('after'));
  });

  test('ends with return, drops what it kept, and answers who waits', async () => {
    const { events, seen } = stream();
    const waiting = events.next();
    expect(await events.return()).toEqual(DONE);
    expect(await waiting).toEqual(DONE);
    events.push(joined('a'));
    expect(await events.next()).toEqual(DONE);
    expect(seen).toMatchObject({ opened: 1, closed: 1 });
  });

  test('that was never read opens nothing', async () => {
    const { events, seen } = stream();
    await events.return();
    expect(await events.next()).toEqual(DONE);
    expect(seen.opened).toBe(0);
  });

  test('ends with its signal, without throwing', async () => {
    const aborter = new AbortController();
    const { events, seen } = stream(aborter.signal);
    const first = events.next();
    events.push(joined('a'));
    events.push(joined('dropped'));
    await first;
    aborter.abort(new Error('enough'));
    expect(await events.next()).toEqual(DONE);
    expect(seen.closed).toBe(1);
  });

  test('whose signal has aborted opens nothing', async () => {
    const { events, seen } = stream(AbortSignal.abort());
    expect(await events.next()).toEqual(DONE);
    expect(seen.opened).toBe(0);
  });

  test('that is ended gives what it has kept, and then the end', async () => {
    const { events, seen } = stream();
    const first = events.next();
    events.push(joined('a'));
    events.push(joined('b'));
    events.end();
    events.push(joined('c'));
    expect(seen.closed).toBe(1);
    expect((await first).value).toEqual(joined('a'));
    expect((await events.next()).value).toEqual(joined('b'));
    expect(await events.next()).toEqual(DONE);
    expect(await events.next()).toEqual(DONE);
  });

  test('that is ended answers who waits', async () => {
    const { events } = stream();
    const waiting = events.next();
    events.end();
    expect(await waiting).toEqual(DONE);
  });
});
