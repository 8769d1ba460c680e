/** What `job` tells the shell. The numbers are part of the interface: scripts rely on them. */
export const EXIT = {
  /** Everything asked for is done. Repeats that only wait until no late request can be alive count as done. */
  done: 0,
  /** Some item was not committed, the nodes differ or are not as wanted, nobody leads, or the command failed. */
  incomplete: 1,
  /** The command line, the environment or the configuration cannot be used, or the worker's journal is not the group's. */
  usage: 2,
  /** No node answered, or the query engine or the coordination backend did not. */
  unreachable: 3,
  /** Something is decided but not finished (in doubt), or parked. The journal has it. */
  unsettled: 4,
  /** Interrupted by SIGINT or SIGTERM. A worker, and what watches, exits 0 then. */
  interrupted: 130,
} as const;

/** One of the numbers of `EXIT`. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The table that `job --help` ends with. */
export const EXIT_CODES_HELP = `Exit codes:
  0    all done; a DELETE that only has to be repeated later is listed and counts as done
  1    some item was not committed, the nodes differ or are not as wanted, nobody leads, or the command failed
  2    usage: command line, environment or configuration; a worker whose journal is not the group's
  3    no node could be reached, or not the query engine or the coordination backend
  4    something is in doubt or parked; "job recover" or "job parked" goes on from there
  130  interrupted; nothing is lost, "job recover" ends the rest (a worker ends in good order with 0)`;
