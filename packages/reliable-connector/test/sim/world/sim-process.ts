import type { Clock } from '../../../src/clock.js';
import type { World } from './world.js';

/** What a dead process waits for: never settles, never keeps anything alive. */
function never<T>(): Promise<T> {
  return new Promise<T>(() => {});
}

/**
 * One operating-system process: it can be killed at any await, and stopped and continued. After its death nothing that
 * its code still does reaches the world; while it is stopped everything meant for it waits.
 */
export class SimProcess {
  readonly name: string;
  readonly world: World;
  state: 'running' | 'stopped' | 'dead' = 'running';
  /** Points at which this process has waited for the world: journal writes and HTTP calls, before and after. */
  steps = 0;
  /** Dies at the first step of which this says so: by its number and by where it is; null: not by itself. */
  diesAt: ((step: number, where: string) => boolean) | null = null;
  /** Virtual ms spent stopped. */
  stoppedMs = 0;
  #stoppedAt = 0;
  readonly #held: (() => void)[] = [];
  readonly #onDeath: (() => void)[] = [];

  constructor(name: string, world: World) {
    this.name = name;
    this.world = world;
  }

  /** The process's own view of time. */
  readonly clock: Clock = {
    now: () => this.world.wall(),
    monotonic: () => this.world.now,
    schedule: (delayMs, action) => this.after(delayMs, action),
  };

  get alive(): boolean {
    return this.state !== 'dead';
  }

  /** As `World.after`, but only while this process runs: later when it is stopped, never when it is dead. */
  after(delayMs: number, action: () => void): () => void {
    let cancelled = false;
    const run = (): void => {
      if (cancelled || this.state === 'dead') return;
      if (this.state === 'stopped') this.#held.push(run);
      else action();
    };
    const cancelEvent = this.world.after(delayMs, run);
    return () => {
      cancelled = true;
      cancelEvent();
    };
  }

  /** An await: the process may die here. Code that gets false must wait for `never()`. */
  step(where: string): boolean {
    if (this.state === 'dead') return false;
    this.steps++;
    if (this.diesAt === null || !this.diesAt(this.steps, where)) return true;
    this.kill(`at step ${this.steps}, ${where}`);
    return false;
  }

  /** The promise of a call that a dead process makes. */
  lost<T>(): Promise<T> {
    return never<T>();
  }

  onDeath(action: () => void): void {
    this.#onDeath.push(action);
  }

  /** kill -9. */
  kill(why: string): void {
    if (this.state === 'dead') return;
    this.world.trace.add(this.world.now, this.name, () => `is killed ${why}`);
    if (this.state === 'stopped') this.stoppedMs += this.world.now - this.#stoppedAt;
    this.state = 'dead';
    this.#held.length = 0;
    for (const action of this.#onDeath) action();
  }

  /** SIGSTOP. */
  stop(): void {
    if (this.state !== 'running') return;
    this.world.trace.add(this.world.now, this.name, () => 'is stopped');
    this.state = 'stopped';
    this.#stoppedAt = this.world.now;
  }

  /** SIGCONT. */
  resume(): void {
    if (this.state !== 'stopped') return;
    this.world.trace.add(this.world.now, this.name, () => 'is continued');
    this.state = 'running';
    this.stoppedMs += this.world.now - this.#stoppedAt;
    for (const run of this.#held.splice(0)) this.world.after(0, run);
  }
}
