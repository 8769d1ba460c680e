import { BenchError } from '../../../harness/bench-error.js';
import { startCoordinator } from '../contenders/holdfast.js';
import type { Watched } from './protocol.js';

const GROUP = 'watched';

/** One coordinator joins a group, another one iterates over its events. */
export async function openWatchedHoldfast(url: string): Promise<Watched> {
  const [member, watcher] = [await startCoordinator(url), await startCoordinator(url)];
  await watcher.createGroup(GROUP);
  const events = watcher.events(GROUP)[Symbol.asyncIterator]();
  await events.next();
  const heard = async (type: 'joined' | 'left', call: Promise<unknown>): Promise<void> => {
    const [event] = await Promise.all([events.next(), call]);
    if (event.value?.type !== type)
      throw new BenchError('WRONG_REPLY', `${event.value?.type} came instead of ${type}`);
  };
  return {
    join: () => heard('joined', member.joinGroup(GROUP)),
    leave: () => heard('left', member.leaveGroup(GROUP)),
    async [Symbol.asyncDispose]() {
      await events.return?.();
      await Promise.all([member.stop(), watcher.stop()]);
    },
  };
}
