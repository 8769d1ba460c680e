/** The group of all workers. */
export const TEAM = 'team';

/** The lock of the set, and the registers that hold it. */
export const SET = { lock: 'set', fenced: 'fenced', unfenced: 'unfenced' } as const;
