/** Who creates; `floor`: the requests in parallel between two durable writes. */
export const CREATORS = ['floor', 'holdfast', 'p-retry', 'origin'] as const;

export type CreatorName = (typeof CREATORS)[number];

/** What the caller was told: on all nodes; not created; not known yet. */
export type Told = 'created' | 'failed' | 'open';

/** Where a creator works. */
export interface CreatorSetup {
  /** Node name → base URL. */
  readonly nodes: Readonly<Record<string, string>>;
  /** For journals and logs. */
  readonly folder: string;
}

/** One way to create a group on all nodes. */
export interface Creator extends AsyncDisposable {
  /** Rejects never. */
  create(groupId: string): Promise<Told>;
  /** Resolves when nothing that was begun is still under way, behind the caller's back as well. */
  atRest(): Promise<void>;
}
