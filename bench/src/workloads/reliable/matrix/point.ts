/** One cell of the matrix. */
export interface MatrixPoint {
  readonly nodes: number;
  /** Chance of a node's own error before the work, 0 to 1. */
  readonly faultRate: number;
  /** Chance that the work is done and its reply is lost, 0 to 1. */
  readonly lostReplyRate: number;
  /** What every request waits at its node, ms. */
  readonly delayMs: number;
  readonly callers: number;
}

/** Around which one thing at a time is varied. */
export const BASE: MatrixPoint = { nodes: 3, faultRate: 0, lostReplyRate: 0, delayMs: 0, callers: 16 };

/** The base, each dimension by itself, and where two of them meet. */
export const POINTS: readonly MatrixPoint[] = [
  BASE,
  { ...BASE, callers: 1 },
  { ...BASE, callers: 64 },
  { ...BASE, nodes: 8 },
  { ...BASE, nodes: 32 },
  { ...BASE, delayMs: 10 },
  { ...BASE, delayMs: 50 },
  { ...BASE, faultRate: 0.2 },
  { ...BASE, faultRate: 0.5 },
  { ...BASE, faultRate: 0.2, nodes: 8 },
  { ...BASE, faultRate: 0.2, delayMs: 10, callers: 64 },
  { ...BASE, faultRate: 0.1, lostReplyRate: 0.1 },
];

/** For ids: `nodes-3.callers-16.fault-0.delay-0`. */
export function pointId(point: MatrixPoint): string {
  const lost = point.lostReplyRate > 0 ? `.lost-${point.lostReplyRate}` : '';
  return `nodes-${point.nodes}.callers-${point.callers}.fault-${point.faultRate}${lost}.delay-${point.delayMs}`;
}

/** For people. */
export function pointName(point: MatrixPoint): string {
  const { nodes, callers, faultRate, lostReplyRate, delayMs } = point;
  const parts = [`${nodes} nodes`, `${callers} caller(s)`];
  if (faultRate > 0) parts.push(`fault rate ${faultRate}`);
  if (lostReplyRate > 0) parts.push(`${lostReplyRate} of the replies lost`);
  if (delayMs > 0) parts.push(`delay ${delayMs} ms`);
  return parts.join(', ');
}

/** Whether creates can fail at all. */
export function isFaulty({ faultRate, lostReplyRate }: MatrixPoint): boolean {
  return faultRate > 0 || lostReplyRate > 0;
}
