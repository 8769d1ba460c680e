import assert from 'node:assert/strict';
import type { CoordinationEvent, Coordinator } from '../../index.js';
import { gate } from '../gate.js';
import type { Cases } from '../trial.js';
import { soon } from '../until.js';

/** Reads a stream event by event. */
function reader(coordinator: Coordinator, signal?: AbortSignal) {
  const events = coordinator.events('g', signal ? { signal } : {})[Symbol.asyncIterator]();
  return {
    async next(): Promise<CoordinationEvent> {
      const { done, value } = await soon('the next event', events.next());
      return done ? assert.fail('the stream has ended') : value;
    },
    async ended(): Promise<void> {
      assert.equal((await soon('the end', events.next())).done, true);
    },
    async leave(): Promise<void> {
      await events.return?.();
    },
  };
}

const brief = (event: CoordinationEvent): string =>
  'memberId' in event ? `${event.type} ${event.memberId}` : event.type;

/** What a stream of events tells. */
export const eventScenarios: Cases = {
  'events begin with the state, and tell each change once and in order': async (t) => {
    const [watcher, a, b] = await t.coordinators(['watcher', 'a', 'b']);
    await a.joinGroupCreate('g');
    const stream = reader(watcher);
    const snapshot = await stream.next();
    assert.ok(snapshot.type === 'snapshot');
    assert.deepEqual([snapshot.groupId, snapshot.members, snapshot.leader], ['g', ['a'], null]);
    const expected = async (what: string): Promise<void> => assert.equal(brief(await stream.next()), what);
    await b.joinGroup('g');
    await expected('joined b');
    const [begun, finish] = [gate(), gate()];
    const leading = a.lead('g', async ({ term }) => {
      begun.open();
      await finish.passed;
      return term;
    });
    await begun.passed;
    const elected = await stream.next();
    assert.equal(brief(elected), 'elected a');
    finish.open();
    const term = await leading;
    assert.equal('term' in elected ? elected.term : undefined, term);
    await expected('resigned a');
    await b.leaveGroup('g');
    await expected('left b');
    await a.stop();
    await expected('left a');
    await stream.leave();
  },

  'events end with their signal, and with the coordinator': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    await a.createGroup('g');
    const abort = new AbortController();
    const [first, second] = [reader(a, abort.signal), reader(b)];
    assert.equal((await first.next()).type, 'snapshot');
    assert.equal((await second.next()).type, 'snapshot');
    abort.abort();
    await first.ended();
    await b.stop();
    await second.ended();
  },

  'events of a group that does not exist yet begin when it does': async (t) => {
    const [watcher, a] = await t.coordinators(['watcher', 'a']);
    const stream = reader(watcher);
    const snapshot = await stream.next();
    assert.ok(snapshot.type === 'snapshot' && snapshot.members.length === 0);
    await a.joinGroupCreate('g');
    assert.equal(brief(await stream.next()), 'joined a');
    await stream.leave();
  },
};
