import type { FaultOf } from '../plan/planned-fault.js';
import type { Stage, Tell } from './stage.js';

/** Own errors before and after the work, lost replies, delays. */
export async function nodeErrors(
  { node, lengthMs, errors }: FaultOf<'node-errors'>,
  { stack: { cluster }, wait }: Stage,
  tell: Tell,
): Promise<void> {
  const rates = Object.entries(errors).map(([name, rate]) => `${name} ${rate}`);
  const over = tell(node, rates.join(', '));
  try {
    await cluster.trouble(node, errors);
    await wait(lengthMs);
    await cluster.trouble(node, {});
  } finally {
    over();
  }
}

/** Some calls, or all, get neither work nor answer. */
export async function nodeHang(
  { node, lengthMs, rate }: FaultOf<'node-hang'>,
  { stack: { cluster }, wait }: Stage,
  tell: Tell,
): Promise<void> {
  const over = tell(node, `${Math.round(rate * 100)} % of the calls`);
  try {
    await cluster.trouble(node, { hang: rate });
    await wait(lengthMs);
    await cluster.trouble(node, {});
  } finally {
    over();
  }
}

/** The network to it is cut. */
export async function nodeCut(
  { node, lengthMs }: FaultOf<'node-cut'>,
  { stack: { cluster }, wait }: Stage,
  tell: Tell,
): Promise<void> {
  const over = tell(node);
  const proxy = cluster.proxies[node];
  try {
    proxy.cut();
    await wait(lengthMs);
  } finally {
    proxy.mend();
    over();
  }
}

/** The node stops and comes back with its data. */
export async function nodeRestart(
  { node, lengthMs }: FaultOf<'node-restart'>,
  { stack: { cluster }, wait }: Stage,
  tell: Tell,
): Promise<void> {
  const over = tell(node);
  try {
    await cluster.act(node, 'stop');
    await wait(lengthMs);
    await cluster.act(node, 'start');
  } finally {
    over();
  }
}

/** The node goes on with an empty disk. */
export async function nodeEmpty(
  { node }: FaultOf<'node-empty'>,
  { stack }: Stage,
  tell: Tell,
): Promise<void> {
  const over = tell(node, 'wiped: records, tombstones and fences');
  await stack.cluster.act(node, 'wipe');
  over();
}
