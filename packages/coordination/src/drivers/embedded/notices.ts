/** A hint on its way: who it is for is in its token or group, and times are instants of the host's monotonic clock. */
export type Notice =
  | { readonly type: 'group'; readonly group: string }
  | { readonly type: 'turn'; readonly token: string; readonly at: number }
  | { readonly type: 'holder'; readonly token: string }
  /** Some were lost. */
  | { readonly type: 'reset' };
