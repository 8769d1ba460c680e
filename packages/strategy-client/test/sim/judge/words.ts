import type { Routing, SwitchReason } from '../../../src/routing/routing.js';
import type { Strategy } from '../../../src/strategy.js';
import type { Message } from '../network/message.js';
import type { JudgedSide } from './side.js';
import type { Violations } from './violations.js';

/** What a step brought to a process. */
export type Brought =
  | { readonly what: 'reply'; readonly message: Message }
  | { readonly what: 'store'; readonly strategy: Strategy | null; readonly isNews: boolean }
  | null;

/** Judges by engine-wire 4c what a process makes of the words that it hears: of its routing before and after each step. */
export class WordsJudge {
  readonly #violations: Violations;

  constructor(violations: Violations) {
    this.#violations = violations;
  }

  /** The target moves, within the step that brought this. */
  moved(to: Strategy, reason: SwitchReason, brought: Brought): void {
    const isProof =
      brought?.what === 'reply' &&
      brought.message.rpc === 'authenticate' &&
      brought.message.answer?.kind === 'ok' &&
      brought.message.strategy === to;
    const isStores = brought?.what === 'store' && brought.strategy === to;
    const add = (text: string): void => this.#violations.add(text);
    if (reason === 'caller') add(`the target moves to ${to} by itself`);
    if (reason === 'probe' && !isProof) add(`the target moves to ${to}, which has not just answered`);
    if (reason === 'store' && !isStores) add(`the target moves to ${to}, which the store has not named`);
  }

  /** A step is over. */
  after(side: JudgedSide, routing: Routing, brought: Brought, step: number): void {
    const candidate = routing.candidate?.strategy ?? null;
    if (brought?.what === 'reply') this.#afterReply(side, routing, brought.message, step);
    if (brought?.what === 'store' && brought.isNews && brought.strategy !== null) {
      side.heardAt = step;
      side.latestWord = null;
    }
    if (candidate !== side.candidate && candidate !== null) {
      side.provableSince = step;
      side.heardAt = step;
    }
    this.#violations.expect(
      candidate !== routing.target,
      () => `the target ${candidate} is its own candidate`,
    );
    if (side.target !== routing.target) side.isRefused = false;
    side.candidate = candidate;
    side.target = routing.target;
  }

  #afterReply(side: JudgedSide, routing: Routing, message: Message, step: number): void {
    const { answer, strategy } = message;
    if (answer === null || strategy === null) return;
    const isFresh = message.sentAt >= side.heardAt;
    const isAuth = message.rpc === 'authenticate';
    if (answer.kind === '456' && strategy === side.target) side.isRefused = true;
    if (answer.kind === 'ok')
      this.#afterWord(side, routing, { message, word: answer.word, isFresh, isAuth }, step);
    else if (isAuth && answer.kind === '456' && side.candidate === strategy) {
      const now = routing.candidate?.strategy ?? null;
      this.#violations.expect(now === (isFresh ? null : strategy), () =>
        isFresh
          ? `the refused candidate ${strategy} is kept`
          : `the candidate ${strategy} is dropped though it was named again`,
      );
    }
  }

  #afterWord(
    side: JudgedSide,
    routing: Routing,
    r: { message: Message; word: Strategy | null; isFresh: boolean; isAuth: boolean },
    step: number,
  ): void {
    const { word, isFresh, message } = r;
    const { target, candidate } = side;
    const now = routing.candidate?.strategy ?? null;
    const agrees = word === null || word === message.strategy;
    const isProof =
      r.isAuth && candidate === message.strategy && agrees && message.sentAt >= side.provableSince;
    const expect = (holds: boolean, text: () => string): void => this.#violations.expect(holds, text);
    if (side.isRefused && r.isAuth && word === target && routing.target === candidate) {
      // It takes calls, and what it names refuses them: the two change places.
      expect(now === word, () => `${word} was named, and the candidate is ${now}`);
      side.heardAt = step;
      return;
    }
    expect(routing.target === (isProof ? candidate : target), () =>
      isProof
        ? `the target stays ${target} although ${candidate} is proved`
        : `the target becomes ${routing.target}, which is not proved`,
    );
    if (isProof || word === null) return;
    if (word !== target) {
      expect(now === word, () => `the candidate is ${now} although ${word} was named`);
      side.heardAt = step;
    } else if (isFresh)
      expect(now === null, () => `the candidate ${now} is kept although the target was named since`);
    else {
      expect(now === candidate, () => `the candidate ${candidate} is dropped by an older word`);
      side.provableSince = step;
    }
  }
}
