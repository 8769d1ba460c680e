import { PROGRAMS } from '../../../../tooling/dev/programs.js';
import { type Random, seededRandom } from '../../seeded-random.js';
import { between } from '../plan/between.js';
import type { Recorder } from '../recorder.js';
import { MAX_SERVER_LAG_MS } from '../setting.js';
import type { Stack } from '../stack/stack.js';
import { wait } from '../wait.js';

/** Ms between two commands. */
const PAUSE_MS: readonly [number, number] = [1_500, 3_500];

/** What a command printed, and how it ended. */
export interface CommandEnd {
  readonly code: number | null;
  readonly lines: readonly string[];
}

/** `job` commands as somebody runs them beside the leader. */
export class Commands {
  readonly #stack: Stack;
  readonly #recorder: Recorder;
  readonly #random: Random;
  readonly #calm = new AbortController();
  #all: Promise<void> = Promise.resolve();
  #count = 0;

  constructor(o: { readonly stack: Stack; readonly recorder: Recorder; readonly seed: number }) {
    this.#stack = o.stack;
    this.#recorder = o.recorder;
    this.#random = seededRandom(o.seed);
  }

  /** @param failed told when none can be run any more. */
  start(failed: (error: unknown) => void): void {
    this.#all = this.#work().catch(failed);
  }

  /** Begins no more; resolves when the last one has ended. */
  async calm(): Promise<void> {
    this.#calm.abort();
    await this.#all;
  }

  /** Runs one to its end. */
  async run(...args: readonly string[]): Promise<CommandEnd> {
    const began = performance.now();
    const lines: string[] = [];
    const program = this.#stack.programs.start({
      name: 'job',
      program: PROGRAMS.job,
      args: [...args, '--json', '--max-server-lag', `${MAX_SERVER_LAG_MS}ms`],
      env: this.#stack.env,
      isCommand: true,
      onLine: (line, stream) => {
        if (stream === 'stdout') lines.push(line);
      },
    });
    const { code } = await program.ended;
    const tookMs = Math.round(performance.now() - began);
    this.#recorder.add({ type: 'command', at: this.#recorder.now(), args, code, tookMs });
    return { code, lines };
  }

  async #work(): Promise<void> {
    const { signal } = this.#calm;
    for (;;) {
      await wait(between(this.#random, ...PAUSE_MS), signal).catch(() => undefined);
      if (signal.aborted) return;
      await this.run(...this.#choose());
    }
  }

  /** The id of a create is outside of what comes and goes, so that the leader removes it again. */
  #choose(): readonly string[] {
    const dice = this.#random();
    if (dice < 0.4) return ['status'];
    if (dice < 0.75) return ['create-one', `ad-hoc-${++this.#count}`];
    return ['step-down'];
  }
}
