import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Child, type Ended, howEnded } from './child.js';
import { DevError } from './dev-error.js';
import { look } from './http-look.js';

/** Ms that a worker gets to let its sagas end, step down and leave: its own bound, and a little more. */
const STOP_MS = 17_000;
/** Ms before a worker that died is started again; twice as long each time that it dies soon after. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
/** Ms after which a worker counts as having run well. */
const RAN_WELL_MS = 60_000;
/** Deaths in a row after which it is left alone. */
const MOST_DEATHS = 10;
/** The exit code of `job work` for what starting it again does not mend. */
const USAGE = 2;

export interface WorkersOptions {
  readonly names: readonly string[];
  /** Absolute path of the built `job`. */
  readonly program: string;
  readonly env: NodeJS.ProcessEnv;
  /** Port of the first one's health server, those of the others follow; 0: free ones. */
  readonly port: number;
  readonly onLine: (name: string, line: string) => void;
  /** Told what happens to them. */
  readonly say: (text: string) => void;
  /** Told when none will run any more, or one cannot run at all. */
  readonly onFailure: (error: DevError) => void;
}

/** A worker that has told where it is. */
export interface WorkerPlace {
  readonly name: string;
  readonly id: string;
  readonly pid: number;
  /** Base URL of its health server. */
  readonly health: string;
  /** Where it coordinates, without credentials. */
  readonly coordination: string;
}

/** The workers. One that dies is started again, with growing pauses, until it has died ten times in a row. */
export class Workers {
  readonly #o: WorkersOptions;
  readonly #children = new Map<string, Child>();
  readonly #places = new Map<string, WorkerPlace>();
  readonly #lost = new Set<string>();
  readonly #stop = new AbortController();

  constructor(o: WorkersOptions) {
    this.#o = o;
  }

  start(): void {
    for (const name of this.#o.names) void this.#keep(name);
  }

  /** Those that run and have said where they are, by name. */
  get places(): readonly WorkerPlace[] {
    return this.#o.names.flatMap((name) => this.#places.get(name) ?? []);
  }

  /** The one that leads now. @throws the signal's reason. */
  async leader(signal: AbortSignal): Promise<WorkerPlace | undefined> {
    for (const place of this.places) {
      const health = await look(`${place.health}/healthz`, signal);
      if (health?.['state'] === 'leader') return place;
    }
    return undefined;
  }

  /** Ends all of them in good order, within a bound. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all([...this.#children.values()].map((child) => child.stop(STOP_MS)));
  }

  kill(): void {
    this.#stop.abort();
    for (const child of this.#children.values()) child.kill();
  }

  async #keep(name: string): Promise<void> {
    const { say } = this.#o;
    for (let deaths = 0; !this.#stop.signal.aborted; ) {
      const begun = performance.now();
      const child = this.#spawn(name, deaths);
      const ended = await child.ended;
      this.#children.delete(name);
      this.#places.delete(name);
      if (this.#stop.signal.aborted) return;
      deaths = performance.now() - begun > RAN_WELL_MS ? 1 : deaths + 1;
      if (ended.code === USAGE) return this.#giveUp(name, ended, 'which starting it again does not mend');
      if (deaths >= MOST_DEATHS) return this.#giveUp(name, ended, `the ${deaths}th time in a row`);
      const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (deaths - 1), LONGEST_PAUSE_MS);
      say(`${name} (pid ${child.pid}) ${howEnded(ended)}; it is started again in ${pauseMs / 1_000} s`);
      await sleep(pauseMs, undefined, { signal: this.#stop.signal }).catch(() => {});
    }
  }

  #giveUp(name: string, ended: Ended, why: string): void {
    const text = `${name} ${howEnded(ended)}; ${why}`;
    this.#lost.add(name);
    this.#o.say(text);
    if (this.#lost.size === this.#o.names.length)
      this.#o.onFailure(new DevError(`no worker is left: ${text}`));
  }

  #spawn(name: string, deaths: number): Child {
    const { program, env, port, names, onLine, say } = this.#o;
    const child: Child = new Child({
      name,
      program,
      args: ['work', '--json'],
      env: {
        ...env,
        // Not the name alone: the group remembers the one that died until its lease ends.
        HOLDFAST_WORKER_ID: `${name}-${randomBytes(2).toString('hex')}`,
        HOLDFAST_WORKER_PORT: String(port === 0 ? 0 : port + names.indexOf(name)),
      },
      orphanDelayMs: 0,
      onLine: (line, stream) => {
        const place = stream === 'stdout' ? placeOf(name, child.pid, line) : null;
        if (place === null) return onLine(name, line);
        this.#places.set(name, place);
        if (deaths > 0) say(`${name} runs again (pid ${place.pid})`);
      },
    });
    this.#children.set(name, child);
    return child;
  }
}

/** What `job work --json` says first; null: the line is something else. */
function placeOf(name: string, pid: number, line: string): WorkerPlace | null {
  let said: unknown;
  try {
    said = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof said !== 'object' || said === null || !('type' in said) || said.type !== 'worker') return null;
  if (!('id' in said) || !('health' in said) || !('coordination' in said)) return null;
  return {
    name,
    id: String(said.id),
    pid,
    health: String(said.health),
    coordination: String(said.coordination),
  };
}
