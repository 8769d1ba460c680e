import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { FROM_SOURCE } from '../../../../../../tooling/from-source/flags.js';
import type { AcquireReply, Hint } from '../../../../src/driver/index.js';

const SCRIPT = fileURLToPath(new URL('./worker.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../../../../../../', import.meta.url));

/** What another process does with the file. */
export type Task = { readonly path: string; readonly id: string } & (
  | { readonly do: 'hold'; readonly ttlMs: number }
  | { readonly do: 'listen'; readonly wait: boolean }
  | { readonly do: 'count'; readonly counter: string }
);

/** What it says. */
export type Word =
  | { readonly word: 'ready' | 'listening' }
  | { readonly word: 'held'; readonly reply: AcquireReply }
  | { readonly word: 'hint'; readonly hint: Hint }
  | { readonly word: 'counted'; readonly fence: number };

/** A process of its own; killed at the end of the test if it is still there. */
export class Process {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #words: Word[] = [];
  readonly #listeners = new Set<() => void>();

  constructor(task: Task) {
    this.#child = fork(SCRIPT, [JSON.stringify(task)], {
      cwd: ROOT,
      execArgv: [...FROM_SOURCE],
    });
    this.#exited = once(this.#child, 'exit');
    this.#child.on('message', (word: Word) => {
      this.#words.push(word);
      for (const listener of this.#listeners) listener();
    });
    onTestFinished(() => this.kill());
  }

  heard<W extends Word['word']>(kind: W): Extract<Word, { word: W }>[] {
    return this.#words.filter((word): word is Extract<Word, { word: W }> => word.word === kind);
  }

  /** Resolves once `count` words of this kind have come. */
  async said<W extends Word['word']>(kind: W, count = 1): Promise<Extract<Word, { word: W }>[]> {
    const enough = new Promise<void>((resolve) => {
      const look = (): void => {
        if (this.heard(kind).length < count) return;
        this.#listeners.delete(look);
        resolve();
      };
      this.#listeners.add(look);
      look();
    });
    const gone = this.#exited.then(() => {
      if (this.heard(kind).length < count)
        throw new Error(`it ended before it said "${kind}" ${count} times`);
    });
    await Promise.race([enough, gone]);
    return this.heard(kind);
  }

  tell(word: string): void {
    this.#child.send(word);
  }

  /** kill -9, and waits until it is gone. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  async ended(): Promise<void> {
    await this.#exited;
  }
}
