import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PYTHON = '/usr/bin/python3';
const PROGRAM = fileURLToPath(new URL('peer.py', import.meta.url));

/** An exception that Python raised: `name` is that of its class. */
export class PythonError extends Error {
  override readonly name: string;
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

export interface PythonPeerOptions {
  readonly url: string;
  readonly memberId: string | Uint8Array;
  /** Beat in the background. Default true. */
  readonly heart?: boolean;
  /** How locks are named: 8 as by the installed tooz 3.1, 9 as by tooz since version 9. Default 8. */
  readonly generation?: 8 | 9;
}

/** What `peer.py` can be told, and what it answers. Bytes are hex, values of Python literals. */
interface Orders {
  start(args: { url: string; member: string; heart: boolean; generation: number }): Versions;
  stop(args: Nothing): null;
  reset(args: Nothing): null;
  heartbeat(args: Nothing): number;
  create_group(args: { group: string }): null;
  delete_group(args: { group: string }): null;
  groups(args: Nothing): string[];
  join(args: { group: string; capabilities?: string }): null;
  leave(args: { group: string }): null;
  update(args: { group: string; capabilities: string }): null;
  members(args: { group: string }): string[];
  capabilities(args: { group: string; member: string }): string;
  acquire(args: { lock: string; blocking: boolean | number }): boolean;
  release(args: { lock: string }): boolean;
  break_lock(args: { lock: string }): boolean;
  owns(args: { lock: string }): boolean;
  watch(args: { group: string }): null;
  stand(args: { group: string }): null;
  run_watchers(args: Nothing): [kind: string, group: string, member: string][];
  join_partitioned(args: { group: string; weight: number }): null;
  ring(args: { group: string }): Record<string, number>;
  owners(args: { group: string; objects: readonly string[]; replicas: number }): string[][];
  repr_of(args: { values: readonly string[] }): string[];
}
type Nothing = Record<never, never>;
interface Versions {
  readonly tooz: string;
  readonly 'redis-py': string;
  readonly python: string;
}
interface Answer {
  readonly id?: number;
  readonly value?: unknown;
  readonly error?: { readonly type: string; readonly message: string };
  readonly missing?: string;
}

/** A process of Python tooz as a member of a fleet. */
export class PythonPeer {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #orders = 0;
  #end = 'it ended';

  private constructor() {
    this.#child = spawn(PYTHON, [PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
    running.add(this.#child);
    this.#child.once('error', (error) => this.#ended(`${PYTHON} cannot be run: ${error.message}`));
    // Not `exit`: what it said last may come after that.
    this.#child.once('close', () => this.#ended(this.#end));
    this.#child.stdin?.on('error', () => {}); // Told by `close`.
    if (this.#child.stdout)
      createInterface({ input: this.#child.stdout }).on('line', (line) => this.#hear(JSON.parse(line)));
  }

  /** A process that is not started, maybe one that was released before. */
  static spawn(): PythonPeer {
    return idle.pop() ?? new PythonPeer();
  }

  /** Connects it. Rejects with what to install when Python has no tooz. */
  async start({ url, memberId, heart = true, generation = 8 }: PythonPeerOptions): Promise<Versions> {
    return this.tell('start', { url, member: hex(memberId), heart, generation });
  }

  /** Stops it and keeps the process for the next `spawn`, which saves the second that Python takes to load tooz. */
  async release(): Promise<void> {
    if (this.#hasEnded) return;
    await this.tell('reset', {});
    idle.push(this);
  }

  /** Ends all processes that were released. */
  static async endIdle(): Promise<void> {
    await Promise.all(idle.splice(0).map((peer) => peer.kill()));
  }

  /** Resolves with Python's answer, rejects with `PythonError`. Orders are carried out in turn. */
  tell<O extends keyof Orders>(op: O, args: Parameters<Orders[O]>[0]): Promise<ReturnType<Orders[O]>> {
    const id = ++this.#orders;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ value, error }) => {
        if (error) reject(new PythonError(error.type, error.message));
        else resolve(value as ReturnType<Orders[O]>);
      });
      this.#child.stdin?.write(`${JSON.stringify({ id, op, args })}\n`);
    });
  }

  /** SIGKILL; resolves when it is gone. */
  async kill(): Promise<void> {
    if (this.#hasEnded) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }

  get #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  #hear(answer: Answer): void {
    if (answer.missing !== undefined)
      this.#end = `these tests need Python's tooz (${answer.missing} in ${PYTHON}); run apt-get install python3-tooz python3-redis`;
    if (answer.id === undefined) return;
    this.#waiting.get(answer.id)?.(answer);
    this.#waiting.delete(answer.id);
  }

  #ended(why: string): void {
    running.delete(this.#child);
    for (const answer of this.#waiting.values()) answer({ error: { type: 'PeerEnded', message: why } });
    this.#waiting.clear();
  }
}

/** The bytes of an id, as they travel. */
export const hex = (id: string | Uint8Array): string => Buffer.from(id).toString('hex');

const idle: PythonPeer[] = [];

/** A test run that dies leaves no process behind. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
