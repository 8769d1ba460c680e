import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { FaultName } from './faults/fault-dice.js';
import { FAULT_VERBS, type FaultVerb } from './faults/fault-plan.js';
import type { NodeDirectory } from './node-directory.js';

/** Upper bounds of the duration histogram in seconds. */
const DURATION_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** One slot for each HTTP status; slot 0 counts requests that got no answer. */
const STATUS_SLOTS = 600;

/** Label of requests that reached no node. */
const NO_NODE_LABEL = 'none';

/** Counts in plain arrays; prom-client, whose labels cost a hash each time, sees them when it is asked. */
type VerbCounts = Readonly<Record<FaultVerb, Float64Array>>;

/** What `/metrics` shows, in a registry of its own. */
export class Metrics {
  readonly registry: Registry = new Registry();
  readonly #counts: ReadonlyMap<string, VerbCounts>;
  readonly #durations: Readonly<Record<FaultVerb, { observe(seconds: number): void }>>;
  readonly #faults: Counter<'node' | 'fault'>;

  constructor(directory: NodeDirectory) {
    const registers = [this.registry];
    const counts = new Map([...directory.names, NO_NODE_LABEL].map((name) => [name, emptyCounts()]));
    this.#counts = counts;
    new Counter({
      name: 'cluster_requests_total',
      help: 'Requests on /group by node, verb and status; status none: the connection was reset or held.',
      labelNames: ['node', 'verb', 'status'],
      registers,
      collect() {
        this.reset();
        for (const [node, verb, status, count] of counted(counts)) this.inc({ node, verb, status }, count);
      },
    });
    this.#faults = new Counter({
      name: 'cluster_faults_total',
      help: 'Faults that struck a request on /group, by node and fault.',
      labelNames: ['node', 'fault'],
      registers,
    });
    const duration = new Histogram({
      name: 'cluster_request_duration_seconds',
      help: 'Time from the parsed request to its answer on /group, by verb.',
      labelNames: ['verb'],
      buckets: DURATION_BUCKETS,
      registers,
    });
    this.#durations = {
      POST: duration.labels({ verb: 'POST' }),
      GET: duration.labels({ verb: 'GET' }),
      DELETE: duration.labels({ verb: 'DELETE' }),
    };
    new Gauge({
      name: 'cluster_groups',
      help: 'Records by node.',
      labelNames: ['node'],
      registers,
      collect() {
        for (const node of directory.all) this.set({ node: node.name }, node.store.count());
      },
    });
    new Gauge({
      name: 'cluster_node_up',
      help: '1 for a node that answers, 0 for one that is down.',
      labelNames: ['node'],
      registers,
      collect() {
        for (const node of directory.all) this.set({ node: node.name }, node.isDown ? 0 : 1);
      },
    });
  }

  /** A request has got its answer; status 0: none. */
  answered(node: string | undefined, verb: FaultVerb, status: number, durationMs: number): void {
    const counts = this.#counts.get(node ?? NO_NODE_LABEL)?.[verb];
    if (counts !== undefined) counts[status] = (counts[status] ?? 0) + 1;
    if (status !== 0) this.#durations[verb].observe(durationMs / 1000);
  }

  struck(node: string | undefined, fault: FaultName): void {
    this.#faults.inc({ node: node ?? NO_NODE_LABEL, fault });
  }
}

function emptyCounts(): VerbCounts {
  const slots = (): Float64Array => new Float64Array(STATUS_SLOTS);
  return { POST: slots(), GET: slots(), DELETE: slots() };
}

function* counted(counts: ReadonlyMap<string, VerbCounts>): Generator<[string, string, string, number]> {
  for (const [node, verbs] of counts) {
    for (const verb of FAULT_VERBS) {
      for (const [status, count] of verbs[verb].entries()) {
        if (count > 0) yield [node, verb, status === 0 ? 'none' : String(status), count];
      }
    }
  }
}
