import type { Random } from '../../seeded-random.js';
import type { FaultName } from '../history/event.js';
import { LEADER_AWAITED_MS, LEASE_MS, MOST_HELD_MS, WORKERS } from '../setting.js';
import { between } from './between.js';
import type { Occupied } from './occupied.js';
import type { PlannedFault, Victim } from './planned-fault.js';

/** What a fault is drawn from. */
export interface DrawOptions {
  readonly n: number;
  readonly atMs: number;
  readonly fault: FaultName;
  readonly random: Random;
  readonly occupied: Occupied;
}

/** Part of the strikes at workers that hit the leader. */
const AT_THE_LEADER = 0.7;
/** Ms between a fault's end and the next that takes the same thing away. */
const RESPITE_MS = 500;

/** One fault with all its choices; null: what it needs is under another one. */
export function draw({ n, atMs, fault, random, occupied }: DrawOptions): PlannedFault | null {
  const whole = (least: number, most: number): number => between(random, least, most);
  const part = (least: number, most: number): number => whole(least * 100, most * 100) / 100;
  const isSo = (chance: number): boolean => random() < chance;
  const node = (lengthMs: number) => occupied.takeNode(random, atMs, atMs + lengthMs + RESPITE_MS);
  switch (fault) {
    case 'kill-worker':
      return { n, atMs, fault, lengthMs: whole(200, 1_500), victim: victim(random) };
    case 'stop-worker': {
      const lengthMs = isSo(0.5) ? whole(200, LEASE_MS - 500) : whole(LEASE_MS + 300, LEASE_MS + 2_000);
      return { n, atMs, fault, lengthMs, victim: victim(random) };
    }
    case 'switch': {
      const announceMs = whole(0, 1_200);
      const backAfterMs = isSo(0.4) ? whole(50, announceMs + 600) : null;
      return { n, atMs, fault, lengthMs: 0, announceMs, drainMs: whole(6_000, 8_000), backAfterMs };
    }
    case 'node-errors': {
      const lengthMs = whole(1_000, 3_000);
      const errors = {
        errorBefore: part(0, 0.3),
        errorAfter: part(0, 0.3),
        lostReply: part(0, 0.3),
        delayMs: whole(0, 300),
      };
      const struck = node(lengthMs);
      return struck && { n, atMs, fault, lengthMs, node: struck, errors };
    }
    case 'node-hang': {
      const lengthMs = whole(500, 2_500);
      const struck = node(lengthMs);
      return struck && { n, atMs, fault, lengthMs, node: struck, rate: part(0.3, 1) };
    }
    case 'node-cut':
    case 'node-restart': {
      const lengthMs = whole(300, 2_500);
      const struck = node(lengthMs);
      return struck && { n, atMs, fault, lengthMs, node: struck };
    }
    case 'node-empty': {
      const struck = occupied.takeNodeToEmpty(random, atMs);
      return struck && { n, atMs, fault, lengthMs: 0, node: struck };
    }
    case 'node-stall': {
      const leader = isSo(0.3) ? 'left' : isSo(0.6) ? 'killed' : 'stopped';
      const lengthMs = leader === 'left' ? whole(300, 3_000) : MOST_HELD_MS;
      const direction = leader === 'left' && isSo(0.5) ? 'down' : 'up';
      const struck = node(lengthMs + (leader === 'left' ? 0 : LEADER_AWAITED_MS));
      return struck && { n, atMs, fault, lengthMs, node: struck, direction, leader };
    }
    case 'cluster-restart': {
      const lengthMs = whole(100, 1_000);
      return occupied.take('cluster', atMs, atMs + lengthMs + 5_000) ? { n, atMs, fault, lengthMs } : null;
    }
    case 'redis-restart': {
      const lengthMs = whole(100, 1_200);
      const signal = isSo(0.6) ? 'SIGKILL' : 'SIGTERM';
      return occupied.take('redis', atMs, atMs + lengthMs + 3_000)
        ? { n, atMs, fault, lengthMs, signal }
        : null;
    }
    case 'engine-delay': {
      const lengthMs = whole(1_000, 4_000);
      return occupied.take('engine', atMs, atMs + lengthMs)
        ? { n, atMs, fault, lengthMs, rate: part(0.1, 0.5), delayMs: whole(20, 150) }
        : null;
    }
  }
}

function victim(random: Random): Victim {
  if (random() < AT_THE_LEADER) return 'leader';
  return WORKERS[Math.floor(random() * WORKERS.length)] ?? WORKERS[0];
}
