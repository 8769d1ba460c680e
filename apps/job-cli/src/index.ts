export { EXIT, type ExitCode } from './exit-codes.js';
export type { JobIo, OutStream } from './job-io.js';
export type { ItemLine, SummaryLine } from './output/item-lines.js';
export { runJob } from './run-job.js';
