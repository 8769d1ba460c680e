/** CLOCK_MONOTONIC in ms, whose zero all processes of a host share. */
export const now = (): number => Number(process.hrtime.bigint() / 1000n) / 1000;

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
