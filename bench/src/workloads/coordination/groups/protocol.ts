export interface GroupsSetup {
  /** `redis://127.0.0.1:port` */
  readonly url: string;
}

/** `floor`: the least that does it in one call; `holdfast`: the coordinator. */
export const GROUP_SIDES = ['floor', 'holdfast'] as const;

export type GroupSide = (typeof GROUP_SIDES)[number];

/** So many times each side, in turn, slice by slice. */
export interface TimesOrder {
  readonly slices: number;
  readonly perSlice: number;
}

export interface ReadOrder extends TimesOrder {
  readonly group: string;
  /** Whom the answer has to hold. */
  readonly members: number;
}

export interface SeedOrder {
  readonly group: string;
  readonly members: number;
}

/** A series of equal calls. */
export interface SeriesReport {
  readonly lapsMs: Float64Array;
  readonly cpuUs: number;
}

export type SidesReport = Readonly<Record<GroupSide, SeriesReport>>;

export interface BeatOrder {
  readonly locks: number;
  readonly count: number;
}

export interface BeatReport extends SeriesReport {
  /** EVALSHA and EVAL that the server counted, per beat. */
  readonly commands: number;
}

export interface ReadReport {
  readonly sides: SidesReport;
  /** EVALSHA and EVAL of one reading by the coordinator. */
  readonly commands: number;
}

/** The worker of these parts. */
export interface GroupsWorker {
  open(setup: GroupsSetup): Promise<void>;
  joinLeave(order: TimesOrder): Promise<SidesReport>;
  /** Joins so many members with capabilities to a new group. */
  seed(order: SeedOrder): Promise<void>;
  read(order: ReadOrder): Promise<ReadReport>;
  beat(order: BeatOrder): Promise<BeatReport>;
  close(nothing: null): Promise<void>;
}
