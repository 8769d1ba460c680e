import type { Round } from '../../../harness/rounds.js';
import { type CallsOrder, type CallsReport, SENDERS } from './protocol.js';
import type { Send, Senders } from './senders.js';

/** All senders in turn, slice by slice, forwards and backwards. What else the machine does only ever adds: the least counts. */
export async function inTurn(
  senders: Senders,
  { slices, callsPerSlice }: Pick<CallsOrder, 'slices' | 'callsPerSlice'>,
): Promise<Round<CallsReport>> {
  const least = new Map<string, number>();
  const order = [...SENDERS];
  for (let slice = 0; slice < slices; slice += 1) {
    for (const sender of order) {
      const cpuUs = await cpuOf(senders[sender], callsPerSlice);
      least.set(sender, Math.min(cpuUs, least.get(sender) ?? Number.POSITIVE_INFINITY));
    }
    order.reverse();
  }
  return Object.fromEntries([...least].map(([sender, cpuUs]) => [sender, { calls: callsPerSlice, cpuUs }]));
}

async function cpuOf(send: Send, calls: number): Promise<number> {
  const before = process.cpuUsage();
  for (let n = 0; n < calls; n += 1) await send();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
