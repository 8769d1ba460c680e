import type { FaultEvent } from './history/event.js';
import type { Recorder } from './recorder.js';

/** Ms between two lines on a terminal, which take each other's place, and elsewhere. */
const TERMINAL_MS = 250;
const ELSEWHERE_MS = 10_000;
const ERASE = '\r\u001b[K';

export interface ProgressOptions {
  readonly stream: NodeJS.WriteStream;
  readonly recorder: Recorder;
}

/** One line of what strikes now and how much there was. */
export class Progress {
  readonly #o: ProgressOptions;
  readonly #timer: NodeJS.Timeout;
  #stage = 'starting';

  constructor(o: ProgressOptions) {
    this.#o = o;
    this.#timer = setInterval(() => this.#show(), o.stream.isTTY ? TERMINAL_MS : ELSEWHERE_MS);
  }

  /** What is going on from now on, in a word or a few. */
  stage(stage: string): void {
    this.#stage = stage;
    this.#show();
  }

  stop(): void {
    clearInterval(this.#timer);
    if (this.#o.stream.isTTY) this.#o.stream.write(ERASE);
  }

  #show(): void {
    const { stream, recorder } = this.#o;
    const line =
      `${Math.round(recorder.now() / 1_000)} s  ${this.#stage}  ${this.#counts()}  ${this.#now()}`.trimEnd();
    if (!stream.isTTY) stream.write(`${line}\n`);
    else stream.write(`${ERASE}${line.slice(0, Math.max(20, (stream.columns || 80) - 1))}`);
  }

  #counts(): string {
    const { recorder } = this.#o;
    const failed = recorder.count('query failed') + recorder.count('query wrong');
    return [
      `${recorder.count('query ok')} queries${failed === 0 ? '' : ` (${failed} FAILED)`}`,
      `${recorder.count('wanted done')} changes`,
      `${recorder.count('elected')} leaders`,
      ...(recorder.count('trouble') === 0 ? [] : [`${recorder.count('trouble')} TROUBLES`]),
    ].join(', ');
  }

  /** Faults that have begun and not ended. */
  #now(): string {
    const under = new Map<number, string>();
    for (const event of this.#o.recorder.recent) {
      if (!isFault(event)) continue;
      if (event.phase === 'begin') under.set(event.n, `${event.fault} ${event.target}`);
      else under.delete(event.n);
    }
    return [...under.values()].join(', ');
  }
}

const isFault = (event: { readonly type: string }): event is FaultEvent => event.type === 'fault';
