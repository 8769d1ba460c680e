import type {
  StoreReading,
  StrategyStore,
  StrategyStoreProvider,
} from '../../../src/stores/strategy-store.js';
import type { Judge } from '../judge/judge.js';
import type { Choice, ChoiceSource } from '../world/choice.js';

/** A store that processes share over a network: each operation takes place, and is answered, at any time. */
export class SimStore implements ChoiceSource {
  readonly #judge: Judge;
  readonly #pending: Choice[] = [];
  readonly #listeners: (() => void)[] = [];
  /** The version that each process has read, and the step at which it did. */
  readonly #read = new Map<number, { version: string; at: number }>();
  /** Processes that have lost a race and read what won it. */
  readonly #lost = new Set<number>();
  #reading: StoreReading = { version: '', state: { strategy: null, lastCheckTime: 0 } };
  #versions = 0;

  constructor(judge: Judge) {
    this.#judge = judge;
  }

  choices(): readonly Choice[] {
    return this.#pending;
  }

  /** The store as one process sees it. */
  providerFor(process: number): StrategyStoreProvider {
    const name = `process ${process + 1}`;
    return (): StrategyStore => ({
      read: async () => {
        await this.#happens(`${name} reads the store`);
        const reading = this.#reading;
        await this.#happens(`${name} hears what it has read: ${reading.state.strategy}`);
        const isNews = this.#read.get(process)?.version !== reading.version;
        if (isNews) this.#read.set(process, { version: reading.version, at: this.#judge.now });
        const hasLost = this.#lost.delete(process);
        this.#judge.readStore(process, reading.state.strategy, { isNews, hasLost });
        return reading;
      },
      compareAndSet: async (version, state) => {
        await this.#happens(`${name} writes ${state.strategy}`);
        const written = version === this.#reading.version;
        if (written) {
          this.#judgeWrite(process, version, state.strategy);
          this.#reading = { version: String(++this.#versions), state };
          for (const listener of this.#listeners) this.#later(`a hint from the store`, listener);
        }
        const mine = String(this.#versions);
        await this.#happens(`${name} hears that it has ${written ? '' : 'not '}written`);
        // Its own word needs no heeding.
        if (written) this.#read.set(process, { version: mine, at: -1 });
        else this.#lost.add(process);
        return written ? mine : null;
      },
      subscribe: (listener) => {
        this.#listeners.push(listener);
        return () => void this.#listeners.splice(this.#listeners.indexOf(listener), 1);
      },
      [Symbol.asyncDispose]: async () => {},
    });
  }

  /** A process writes over what another one has written: it has read that, and proved its own since. */
  #judgeWrite(process: number, version: string, strategy: string | null): void {
    const { state } = this.#reading;
    if (
      state.strategy === null ||
      state.strategy === strategy ||
      (strategy !== 'blue' && strategy !== 'green')
    )
      return;
    const read = this.#read.get(process);
    const { okAt } = this.#judge.sideOf(process).auths[strategy];
    this.#judge.violations.expect(
      read?.version === version && okAt >= read.at,
      () =>
        `process ${process + 1} writes ${strategy} over ${state.strategy}, which it has ${read?.version === version ? 'not heeded' : 'not read'}`,
    );
  }

  #happens(label: string): Promise<void> {
    return new Promise((resolve) => this.#later(label, resolve));
  }

  #later(label: string, action: () => void): void {
    const choice: Choice = {
      kind: 'store',
      label,
      take: () => {
        this.#pending.splice(this.#pending.indexOf(choice), 1);
        action();
      },
    };
    this.#pending.push(choice);
  }
}
