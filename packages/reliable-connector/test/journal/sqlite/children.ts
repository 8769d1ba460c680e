import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { FROM_SOURCE } from '../../../../../tooling/from-source/flags.js';

const SCRIPT = fileURLToPath(new URL('./child.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../../../../../', import.meta.url));

/** What a child process does with the journal. `die`: kill -9 of itself right before or after its n-th commit. */
export type ChildTask = { readonly die?: { readonly nth: number; readonly when: 'before' | 'after' } } & (
  | { readonly do: 'write'; readonly prefix: string; readonly sagas: number; readonly concurrency: number }
  | { readonly do: 'hold'; readonly keys: readonly string[] }
  | { readonly do: 'adopt'; readonly id: number }
  | { readonly do: 'break-log' }
  | { readonly do: 'prune' }
  | { readonly do: 'migrate'; readonly statements: number }
);

interface SagaWord {
  readonly id: number;
  readonly key: string;
  readonly token: number | null;
}

/** What a child says, each only after the journal's promise. */
export type ChildWord =
  | { readonly word: 'ready'; readonly owner: number }
  | ({ readonly word: 'begun' } & SagaWord)
  | ({ readonly word: 'ended' } & SagaWord)
  | { readonly word: 'busy'; readonly key: string }
  | { readonly word: 'adopted'; readonly won: boolean }
  | { readonly word: 'codes'; readonly codes: readonly string[] }
  | { readonly word: 'done' };

/** A real process on the journal; killed at the end of the test if it is still there. */
export class JournalChild {
  readonly words: ChildWord[] = [];
  readonly #process: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #listeners = new Set<() => void>();

  constructor(path: string, task: ChildTask) {
    this.#process = fork(SCRIPT, [path, JSON.stringify(task)], {
      cwd: ROOT,
      execArgv: [...FROM_SOURCE],
    });
    this.#exited = once(this.#process, 'exit');
    this.#process.on('message', (word: ChildWord) => {
      this.words.push(word);
      for (const listener of this.#listeners) listener();
    });
    onTestFinished(() => this.kill());
  }

  /** Resolves once `count` words of this kind have come. */
  async said<W extends ChildWord['word']>(kind: W, count = 1): Promise<Extract<ChildWord, { word: W }>[]> {
    const heard = (): Extract<ChildWord, { word: W }>[] =>
      this.words.filter((word): word is Extract<ChildWord, { word: W }> => word.word === kind);
    const enough = new Promise<void>((resolve) => {
      const look = (): void => {
        if (heard().length < count) return;
        this.#listeners.delete(look);
        resolve();
      };
      this.#listeners.add(look);
      look();
    });
    const gone = this.#exited.then(() => {
      if (heard().length < count) throw new Error(`the child ended before it said "${kind}" ${count} times`);
    });
    await Promise.race([enough, gone]);
    return heard();
  }

  go(): void {
    this.#process.send('go');
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** kill -9, and waits until it is gone and all it said has been heard. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.ended();
  }

  async ended(): Promise<void> {
    await this.#exited;
    if (this.#process.connected) await once(this.#process, 'disconnect');
  }
}
