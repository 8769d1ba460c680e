/** One round: every contender once, by name. */
export type Round<T> = Readonly<Record<string, T>>;

export interface RoundsOptions<T> {
  /** Names, in the order of the first round. */
  readonly contenders: readonly string[];
  /** Rounds that must count. */
  readonly rounds: number;
  /** A round that says why it tells nothing is repeated; null: it counts. */
  readonly voidBecause?: (round: Round<T>) => string | null;
  readonly signal: AbortSignal;
}

export interface Rounds<T> {
  readonly valid: readonly Round<T>[];
  readonly voided: readonly { readonly round: Round<T>; readonly why: string }[];
}

/** So many rounds in all, for each that must count: on a machine that is busy with something else the run still ends. */
const TRIES_PER_ROUND = 3;
/** So many, for each that must count, when not one has counted: a machine that is too slow for it stays too slow. */
const TRIES_IN_VAIN = 1;

/**
 * Runs contenders in turn, A B C, then C B A, and so on, so that a drift of the machine meets all of them alike. A void
 * round is repeated, but not without end: what comes back may hold fewer rounds than were asked for.
 */
export async function runRounds<T>(
  o: RoundsOptions<T>,
  run: (contender: string, round: number) => Promise<T>,
): Promise<Rounds<T>> {
  const valid: Round<T>[] = [];
  const voided: { readonly round: Round<T>; readonly why: string }[] = [];
  const most = (): number => o.rounds * (valid.length === 0 ? TRIES_IN_VAIN : TRIES_PER_ROUND);
  for (let n = 0; valid.length < o.rounds && n < most(); n += 1) {
    const order = n % 2 === 0 ? o.contenders : o.contenders.toReversed();
    const round: Record<string, T> = {};
    for (const contender of order) {
      o.signal.throwIfAborted();
      round[contender] = await run(contender, n);
    }
    const why = o.voidBecause?.(round) ?? null;
    if (why === null) valid.push(round);
    else voided.push({ round, why });
  }
  return { valid, voided };
}

/** One figure of one contender over all rounds. */
export function series<T>(
  rounds: readonly Round<T>[],
  contender: string,
  figure: (of: T) => number,
): number[] {
  return rounds.map((round) => {
    const one = round[contender];
    return one === undefined ? Number.NaN : figure(one);
  });
}

/** The ratio of two contenders, taken within each round. */
export function ratios<T>(
  rounds: readonly Round<T>[],
  [contender, floor]: readonly [string, string],
  figure: (of: T) => number,
): number[] {
  const floors = series(rounds, floor, figure);
  return series(rounds, contender, figure).map((value, i) => value / (floors[i] ?? Number.NaN));
}

/** The rounds that count; where none does, the void ones, so that there is something to look at. */
export function telling<T>({ valid, voided }: Rounds<T>): readonly Round<T>[] {
  return valid.length > 0 ? valid : voided.map(({ round }) => round);
}
