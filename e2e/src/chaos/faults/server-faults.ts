import type { FaultOf } from '../plan/planned-fault.js';
import type { Stage, Tell } from './stage.js';

/** The engine goes to its other colour; half-way it may be called back. */
export async function switchColour(
  { announceMs, drainMs, backAfterMs }: FaultOf<'switch'>,
  { stack: { engine }, wait }: Stage,
  tell: Tell,
): Promise<void> {
  const back = backAfterMs === null ? '' : `, back after ${backAfterMs} ms`;
  const over = tell('engine', `announced for ${announceMs} ms, drained for at most ${drainMs} ms${back}`);
  try {
    await engine.switch({ announceMs, drainMs });
    if (backAfterMs === null) return;
    await wait(backAfterMs);
    await engine.switch({ announceMs, drainMs });
  } finally {
    over();
  }
}

/** kill -9 of all nodes, which come back on their ports with their data. */
export async function clusterRestart(
  { lengthMs }: FaultOf<'cluster-restart'>,
  { stack: { cluster }, wait }: Stage,
  tell: Tell,
): Promise<void> {
  // On a starved machine the last start may take longer than was planned.
  if (cluster.isAway) return;
  const over = tell('cluster-sim', 'kill -9');
  try {
    await cluster.kill();
    await wait(lengthMs);
    await cluster.begin();
  } finally {
    over();
  }
}

/** Redis dies and comes back on its port from its AOF. */
export async function redisRestart(
  { lengthMs, signal }: FaultOf<'redis-restart'>,
  { stack: { redis }, wait }: Stage,
  tell: Tell,
): Promise<void> {
  if (redis === null || redis.isAway) return;
  const over = tell('redis', signal);
  try {
    await redis.end(signal);
    await wait(lengthMs);
    await redis.begin();
  } finally {
    over();
  }
}

/** Answers of the engine come late. */
export async function engineDelay(
  { lengthMs, rate, delayMs }: FaultOf<'engine-delay'>,
  { stack: { engine }, wait }: Stage,
  tell: Tell,
): Promise<void> {
  const over = tell('engine', `${Math.round(rate * 100)} % of the calls by ${delayMs} ms`);
  try {
    await engine.delay(rate, delayMs);
    await wait(lengthMs);
    await engine.delay(0, 0);
  } finally {
    over();
  }
}
