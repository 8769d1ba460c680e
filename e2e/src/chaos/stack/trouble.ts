/** What a line of output says of something that no program of ours may do. */
const SMELLS: readonly RegExp[] = [
  /unhandled ?(promise ?)?rejection/i,
  /uncaught/i,
  /^\s+at .+:\d+:\d+\)?$/,
  /^\(node:\d+\) .*Warning/,
  /out of memory/i,
  /assertion failed/i,
];

/** Level of a log line that says that its program is about to die. */
const FATAL = 60;
const MOST_CHARACTERS = 500;

/** The line, if it tells of a crash or of an error that nobody handles; else null. Errors in log lines are handled ones. */
export function troubleIn(line: string): string | null {
  const text = line.slice(0, MOST_CHARACTERS);
  if (!line.startsWith('{')) return SMELLS.some((smell) => smell.test(line)) ? text : null;
  return Number(/^\{"level":(\d+),/.exec(line)?.[1] ?? 0) >= FATAL || SMELLS.some((smell) => smell.test(line))
    ? text
    : null;
}
