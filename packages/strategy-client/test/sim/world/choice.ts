/** Kinds of what can happen next; a temperament says how likely each is. */
export type ChoiceKind = 'user' | 'operator' | 'arrival' | 'reply' | 'fault' | 'time' | 'store';

/** Something that can happen next. Which of all that can does, the scheduler decides. */
export interface Choice {
  readonly kind: ChoiceKind;
  /** In the words of the model's traces; unique among those of one moment but for messages that are alike. */
  readonly label: string;
  take(): void;
}

/** Where choices come from. */
export interface ChoiceSource {
  choices(): readonly Choice[];
}

/** Decides what happens next; null ends the run. */
export type Scheduler = (choices: readonly Choice[]) => Choice | null;
