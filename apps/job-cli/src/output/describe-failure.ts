import type { ReliableConnectorErrorCode } from '@holdfast/reliable-connector';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { JobError } from '../job-error.js';
import { describeOther } from './describe-other.js';
import type { Failure } from './failure.js';

/** Next step and exit code where they are not "read the message" and 1. */
const CONNECTOR: Readonly<
  Partial<Record<ReliableConnectorErrorCode, { remedy?: string; exitCode?: ExitCode }>>
> = {
  INVALID_ARGUMENT: { exitCode: EXIT.usage },
  IDEMPOTENCY_MISMATCH: {
    exitCode: EXIT.usage,
    remedy: 'Use another --idempotency-key, or the arguments of the first call.',
  },
  SAGA_NOT_FOUND: { remedy: '"job sagas --state all" lists what the journal has.' },
  JOURNAL_OTHER_CLUSTER: {
    exitCode: EXIT.usage,
    remedy:
      'Give the journal of these nodes with --journal, or the nodes of this journal with --nodes; ' +
      '"job journal rebind" moves the journal when the cluster itself has changed.',
  },
  JOURNAL_DAMAGED: {
    remedy: '"job journal check" tells more; put a backup in its place, then run "job verify".',
  },
  JOURNAL_TOO_NEW: { remedy: 'Use the version of job that wrote it, or a newer one.' },
  JOURNAL_STOPPED: {
    exitCode: EXIT.unsettled,
    remedy: 'Make room on the disk or repair it, then run "job recover".',
  },
  JOURNAL_BUSY: { remedy: 'Wait for the other processes of this journal, or end them; then try again.' },
  NODES_UNREACHABLE: {
    exitCode: EXIT.unreachable,
    remedy: 'Start the local stack with "npx -y pnpm@12.21.0 dev", or name the nodes with --nodes.',
  },
  DEPOSED: {
    exitCode: EXIT.unsettled,
    remedy: 'Another process took the saga over and ends it; "job sagas" shows where it stands.',
  },
  CLOSED: { exitCode: EXIT.unsettled, remedy: '"job recover" ends what was begun.' },
};

/** Turns whatever was thrown into words and an exit code. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof JobError) {
    return { code: error.code, message: error.message, remedy: error.remedy, exitCode: error.exitCode };
  }
  const code = connectorCode(error);
  const message = error instanceof Error ? error.message : String(error);
  if (code !== null) {
    const known = CONNECTOR[code];
    return { code, message, remedy: known?.remedy ?? null, exitCode: known?.exitCode ?? EXIT.incomplete };
  }
  const other = describeOther(error);
  if (other !== null) return other;
  return {
    code: 'UNEXPECTED',
    message,
    remedy: 'Run it again with --verbose to see where it comes from.',
    exitCode: EXIT.incomplete,
  };
}

/** The code of an error of the connector; null for anything else. */
export function connectorCode(error: unknown): ReliableConnectorErrorCode | null {
  // By its stable name, so that the connector's code is not loaded only to describe a failure.
  if (!(error instanceof Error) || error.name !== 'ReliableConnectorError' || !('code' in error)) return null;
  return isCode(error.code) ? error.code : null;
}

function isCode(code: unknown): code is ReliableConnectorErrorCode {
  return typeof code === 'string';
}
