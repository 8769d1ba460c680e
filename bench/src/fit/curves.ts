import type { Measurement, WorkloadResult } from '../harness/results.js';
import type { Curve, CurvePoint } from './curve.js';
import { growthOf } from './growth.js';

interface CurveSpec {
  readonly id: string;
  readonly what: string;
  readonly axis: string;
  /** Measurements that are its points, with a group `n`, and where there are several lines a group `name`. */
  readonly ids: RegExp;
  /** Where what a measurement is held against is a line as well: its name. */
  readonly floor?: string;
  /** Whether the measurements are sizes per second; the cost is then what one takes, in ms. */
  readonly isRate?: boolean;
}

const SPECS: readonly CurveSpec[] = [
  {
    id: 'coordination-members',
    what: 'members of a group with their capabilities',
    axis: 'members',
    ids: /^coordination\.members-(?<n>\d+)\.(?<name>holdfast|tooz)$/,
    floor: 'one EVALSHA, undecoded',
  },
  {
    id: 'coordination-locks',
    what: 'one heartbeat of a coordinator that holds locks',
    axis: 'held locks',
    ids: /^coordination\.heartbeat-(?<n>\d+)\.time$/,
  },
  {
    id: 'coordination-waiters',
    what: 'time per grant of one contended lock',
    axis: 'waiters',
    ids: /^coordination\.contended-(?<n>\d+)\.(?<name>[\w-]+)\.grant$/,
  },
  {
    id: 'reliable-nodes',
    what: 'one create, 16 callers, p50',
    axis: 'nodes',
    ids: /^reliable\.nodes-(?<n>\d+)\.callers-16\.fault-0\.delay-0\.(?<name>holdfast|floor|p-retry|origin)\.p50$/,
  },
  {
    id: 'strategy-rows',
    what: 'one result, read to its end',
    axis: 'rows',
    ids: /^strategy\.result-(?<n>\d+)\.rate$/,
    floor: 'bare stub, rows left as bytes',
    isRate: true,
  },
  {
    id: 'stack-ids',
    what: 'from `job want` to all nodes holding the ids',
    axis: 'ids',
    ids: /^stack\.(?<name>sqlite|redis)\.want-(?<n>\d+)$/,
    floor: 'bare POSTs and an append per id',
  },
];

/** The curves that were measured, by the medians. */
export function curvesOf(results: readonly WorkloadResult[]): readonly Curve[] {
  const measured = results.flatMap(({ workload, measurements }) =>
    measurements.map((one) => ({ workload, one })),
  );
  return SPECS.flatMap((spec): Curve[] => {
    const found = measured.flatMap(({ workload, one }) => {
      const groups = spec.ids.exec(one.id)?.groups;
      return groups ? [{ workload, one, n: Number(groups['n']), name: groups['name'] ?? 'holdfast' }] : [];
    });
    const [first] = found;
    if (first === undefined) return [];
    const lines = new Map<string, CurvePoint[]>();
    const add = (name: string, point: CurvePoint): void => {
      lines.set(name, [...(lines.get(name) ?? []), point]);
    };
    for (const { one, n, name } of found) if (Number.isFinite(one.value)) add(name, pointOf(n, one, spec));
    const [longest] = [...lines].toSorted(([, a], [, b]) => b.length - a.length);
    if (spec.floor !== undefined)
      for (const { one, n, name } of found)
        if (name === longest?.[0] && one.floor) add(spec.floor, pointOf(n, one.floor, spec));
    const { id, what, axis } = spec;
    const series = [...lines].map(([name, points]) => ({ name, points, growth: growthOf(points) }));
    return [{ id, workload: first.workload, what, axis, unit: spec.isRate ? 'ms' : first.one.unit, series }];
  });
}

function pointOf(
  n: number,
  { value, spread }: Pick<Measurement, 'value' | 'spread'>,
  { isRate = false }: CurveSpec,
): CurvePoint {
  const { least, most } = spread ?? { least: value, most: value };
  if (!isRate) return { n, cost: value, least, most };
  const ms = (rate: number): number => (n * 1_000) / rate;
  return { n, cost: ms(value), least: ms(most), most: ms(least) };
}
