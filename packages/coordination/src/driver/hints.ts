/** Push: something may have changed. A hint says where to look and never what is true. */
export type Hint =
  /** Members or leader of this group. */
  | { readonly type: 'group'; readonly group: string }
  /** The waiter of this token sends its acquire again after `afterMs`, whatever it was told before. */
  | { readonly type: 'turn'; readonly token: string; readonly afterMs: number }
  /** The holder of this token was broken, or asked to stand down: its coordinator beats now. */
  | { readonly type: 'holder'; readonly token: string }
  /** Hints may have been lost: read everything again. */
  | { readonly type: 'reset' };
