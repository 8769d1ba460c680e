import type { Choice, ChoiceKind, Scheduler } from './world/choice.js';
import type { Prng } from './world/prng.js';

/** How likely each kind of event is, against the others. */
export type Temperament = Readonly<Record<ChoiceKind, number>>;

/** A temperament of its own for each seed: hasty operators, slow networks, impatient clocks. */
export function drawTemperament(dice: Prng): Temperament {
  const some = (): number => dice.pick([0.1, 0.3, 1, 3]);
  return {
    user: some(),
    operator: some(),
    arrival: some(),
    reply: some(),
    fault: some() / 3,
    time: some(),
    store: some(),
  };
}

/** Draws what happens next. */
export function byChance(dice: Prng, temperament: Temperament): Scheduler {
  return (choices) => {
    let rest = dice.next() * choices.reduce((sum, { kind }) => sum + temperament[kind], 0);
    for (const choice of choices) {
      rest -= temperament[choice.kind];
      if (rest < 0) return choice;
    }
    return choices.at(-1) ?? null;
  };
}

/** The natural order: messages as they were sent, without faults, then users, the operator, and time last. */
const ORDER: readonly ChoiceKind[] = ['arrival', 'reply', 'store', 'user', 'time', 'operator'];

export const inOrder: Scheduler = (choices) => {
  for (const kind of ORDER) {
    const choice: Choice | undefined = choices.find((one) => one.kind === kind);
    if (choice !== undefined) return choice;
  }
  return null;
};
