import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { RunResult } from './reconciler.js';

/** What `/metrics` shows, in a registry of its own. */
export class WorkerMetrics {
  readonly #registry = new Registry();
  readonly #leader = this.#gauge('leader', '1 while this worker leads.');
  readonly #term = this.#gauge('term', 'Latest term of this worker; 0 before the first.');
  readonly #wanted = this.#gauge('wanted_groups', 'Groups that are wanted, as this worker last read.');
  readonly #actual = this.#gauge('actual_groups', 'Groups by node, as this worker last read.', ['node']);
  readonly #open = this.#gauge('open_sagas', 'Unfinished sagas in the journal, as this worker last read.');
  readonly #parked = this.#gauge('parked_sagas', 'Sagas that wait for an operator or a node.');
  readonly #converged = this.#gauge('converged', '1 when all nodes held exactly what is wanted.');
  readonly #terms = this.#counter('terms_total', 'Terms that this worker has led.');
  readonly #runs = this.#counter('runs_total', 'Runs: ok, incomplete or failed.', ['result']);
  readonly #changes = this.#counter('changes_total', 'Groups created, deleted or repaired.', ['change']);
  readonly #duration = new Histogram({
    name: 'holdfast_worker_run_duration_seconds',
    help: 'How long a run took.',
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30],
    registers: [this.#registry],
  });

  get contentType(): string {
    return this.#registry.contentType;
  }

  show(): Promise<string> {
    return this.#registry.metrics();
  }

  began(term: bigint): void {
    this.#leader.set(1);
    this.#term.set(Number(term));
    this.#terms.inc();
  }

  /** It leads no more; what is wanted and there is the next leader's to tell. */
  ended(): void {
    this.#leader.set(0);
    this.#converged.set(0);
    this.#actual.reset();
  }

  ran(result: RunResult | null, durationMs: number): void {
    this.#duration.observe(durationMs / 1_000);
    if (result === null) {
      this.#runs.inc({ result: 'failed' });
      this.#converged.set(0);
      return;
    }
    this.#runs.inc({ result: result.error === null ? 'ok' : 'incomplete' });
    this.#wanted.set(result.wanted);
    this.#open.set(result.open);
    this.#parked.set(result.parked);
    this.#converged.set(result.converged ? 1 : 0);
    for (const [node, count] of Object.entries(result.actual)) this.#actual.set({ node }, count);
    for (const change of ['created', 'deleted', 'repaired'] as const)
      this.#changes.inc({ change }, result[change]);
  }

  #gauge<Label extends string = never>(
    name: string,
    help: string,
    labelNames: readonly Label[] = [],
  ): Gauge<Label> {
    const registers = [this.#registry];
    return new Gauge({ name: `holdfast_worker_${name}`, help, labelNames: [...labelNames], registers });
  }

  #counter<Label extends string = never>(
    name: string,
    help: string,
    labelNames: readonly Label[] = [],
  ): Counter<Label> {
    const registers = [this.#registry];
    return new Counter({ name: `holdfast_worker_${name}`, help, labelNames: [...labelNames], registers });
  }
}
