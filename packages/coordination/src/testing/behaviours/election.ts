import assert from 'node:assert/strict';
import { fails } from '../fails.js';
import type { Cases } from '../trial.js';
import { recorder } from './events.js';

const elected = (memberId: string) => ({ type: 'elected', groupId: 'g', memberId });

/** A 49–53. */
export const election: Cases = {
  'A49 a sole candidate is elected in the first run': async (t) => {
    const a = await t.coordinator('a');
    await a.createGroup('g');
    const hook = recorder();
    a.watchElectedAsLeader('g', hook);
    assert.deepEqual(await a.runWatchers(), ['elected g a']);
    assert.deepEqual(await a.runWatchers(), []);
    assert.deepEqual(hook.events, [elected('a')]);
    assert.equal(await a.getLeader('g'), 'a');
  },

  'A49 runElectCoordinator alone elects too': async (t) => {
    const a = await t.coordinator('a');
    await a.createGroup('g');
    const hook = recorder();
    a.watchElectedAsLeader('g', hook);
    await a.runElectCoordinator();
    assert.deepEqual(hook.events, [elected('a')]);
    assert.deepEqual(await a.runWatchers(), []);
  },

  'A50 of two candidates the first leads, and the second when the first has stopped': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    await a.createGroup('g');
    const [first, second] = [recorder(), recorder()];
    a.watchElectedAsLeader('g', first);
    b.watchElectedAsLeader('g', second);
    await a.runWatchers();
    await b.runWatchers();
    assert.deepEqual([first.events, second.events], [[elected('a')], []]);
    for (const reader of [a, b]) assert.equal(await reader.getLeader('g'), 'a');
    await a.stop();
    await b.runWatchers();
    assert.deepEqual([first.events, second.events], [[elected('a')], [elected('b')]]);
    assert.equal(await b.getLeader('g'), 'b');
  },

  'A51 nobody leads until a candidate is elected': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    await a.createGroup('g');
    assert.equal(await b.getLeader('g'), null);
    await a.joinGroup('g');
    await a.runWatchers();
    assert.equal(await b.getLeader('g'), null);
    a.watchElectedAsLeader('g', recorder());
    await a.runWatchers();
    assert.equal(await b.getLeader('g'), 'a');
  },

  'A52 who stands down is followed by the other, and back again': async (t) => {
    const [a, b] = await t.coordinators(['a', 'b']);
    await a.createGroup('g');
    const hooks = { a: recorder(), b: recorder() };
    a.watchElectedAsLeader('g', hooks.a);
    b.watchElectedAsLeader('g', hooks.b);
    await a.runWatchers();
    await b.runWatchers();
    assert.equal(await b.standDownGroupLeader('g'), false, 'it does not lead');
    assert.equal(await b.getLeader('g'), 'a');
    assert.equal(await a.standDownGroupLeader('g'), true);
    assert.equal(await a.getLeader('g'), null);
    await b.runWatchers();
    assert.equal(await a.getLeader('g'), 'b');
    await a.runWatchers();
    assert.equal(await b.standDownGroupLeader('g'), true);
    await a.runWatchers();
    await b.runWatchers();
    assert.equal(await b.getLeader('g'), 'a');
    assert.deepEqual(hooks.a.events, [elected('a'), elected('a')]);
    assert.deepEqual(hooks.b.events, [elected('b')]);
  },

  'A53 unwatch removes the hook and the candidacy': async (t) => {
    const a = await t.coordinator('a');
    await a.createGroup('g');
    const [one, two] = [recorder(), recorder()];
    a.watchElectedAsLeader('g', one);
    a.watchElectedAsLeader('g', two);
    a.unwatchElectedAsLeader('g', one);
    await a.runWatchers();
    assert.deepEqual([one.events, two.events], [[], [elected('a')]]);
    a.unwatchElectedAsLeader('g', two);
    await fails((async () => a.unwatchElectedAsLeader('g', two))(), 'WATCH_CALLBACK_NOT_FOUND');
    const b = await t.coordinator('b');
    await b.createGroup('h');
    b.watchElectedAsLeader('h', one);
    b.unwatchElectedAsLeader('h', one);
    assert.deepEqual(await b.runWatchers(), []);
    assert.equal(await b.getLeader('h'), null);
  },
};
