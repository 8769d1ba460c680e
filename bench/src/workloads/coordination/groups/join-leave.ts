import { versus } from '../../../harness/versus.js';
import type { Worker } from '../../../harness/worker.js';
import { absent } from '../absent.js';
import type { Part, RedisBench } from '../part.js';
import type { GroupsWorker, TimesOrder } from './protocol.js';
import { cpuUs, perSecond, withPython } from './series.js';

/** Of tooz's rate. */
const LEAST_RATIO = 3;

/** One member joins a group and leaves it, again and again. */
export async function benchJoinLeave(
  context: RedisBench,
  worker: Worker<GroupsWorker>,
  times: TimesOrder,
): Promise<Part> {
  const { tooz, say } = context;
  const count = times.slices * times.perSlice;
  say(`coordination: ${context.rounds} rounds of join and leave`);
  const rounds = await withPython(context, {
    node: () => worker.call('joinLeave', times).then((sides) => ({ ...sides })),
    tooz: tooz && (() => tooz.call('join_leave', { count })),
  });
  const id = 'coordination.join-leave';
  const rate = { rounds, what: 'join + leave: holdfast', unit: 'pairs/s', of: 'holdfast', figure: perSecond };
  return {
    measurements: [
      tooz === null
        ? absent('tooz', `${id}.holdfast-to-tooz`, 'pairs/s')
        : versus({
            ...rate,
            id: `${id}.holdfast-to-tooz`,
            to: 'tooz',
            toWhat: tooz.name,
            bar: { kind: 'atLeast', value: LEAST_RATIO },
          }),
      versus({
        ...rate,
        id: `${id}.holdfast`,
        to: 'floor',
        toWhat: 'two scripts that beat for and tell nobody',
      }),
      versus({
        ...rate,
        id: `${id}.cpu`,
        what: 'join + leave: holdfast, CPU of the process',
        unit: 'µs',
        to: 'floor',
        toWhat: 'the same scripts',
        figure: cpuUs,
      }),
    ],
    notes: [`join + leave: ${rounds.length} rounds of ${count} pairs per contender, one at a time`],
  };
}
