import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Failure } from './failure.js';

type Known = Readonly<Record<string, { readonly remedy?: string; readonly exitCode?: ExitCode }>>;

/** Next step and exit code where they are not "read the message" and 1, by the error's code. */
const COORDINATION: Known = {
  INVALID_ARGUMENT: { exitCode: EXIT.usage },
  MISSING_DEPENDENCY: { exitCode: EXIT.usage },
  CONNECTION: {
    exitCode: EXIT.unreachable,
    remedy: 'Start the backend that COORDINATION_URL names, or name another with --coordination.',
  },
  TIMED_OUT: { exitCode: EXIT.unreachable },
  GROUP_NOT_CREATED: { remedy: 'No worker has ever run here: start one with "job work".' },
};

const ENGINE: Known = {
  INVALID_ARGUMENT: { exitCode: EXIT.usage },
  AUTHENTICATION: {
    exitCode: EXIT.usage,
    remedy: 'Set HOLDFAST_ENGINE_USER and HOLDFAST_ENGINE_PASSWORD.',
  },
  UNAVAILABLE: {
    exitCode: EXIT.unreachable,
    remedy: 'Start the local stack with "npx -y pnpm@12.21.0 dev", or name the engine with --engine.',
  },
  STRATEGY_DETECTION: { exitCode: EXIT.unreachable },
  RESUME_FAILED: { exitCode: EXIT.unreachable },
  LOST_AFTER_SEND: {
    exitCode: EXIT.unsettled,
    remedy:
      'Look whether it took effect before repeating it; --idempotent lets a query be repeated by itself.',
  },
  DEPLOYMENT_GONE: { remedy: 'Run the query again if that does no harm.' },
};

/** By the marks that the packages give their errors, so that none is loaded only to describe a failure. */
const PACKAGES: readonly (readonly [symbol, Known])[] = [
  [Symbol.for('@holdfast/coordination.error'), COORDINATION],
  [Symbol.for('@holdfast/strategy-client.error'), ENGINE],
];

/** The failure of an error of coordination or the query client; null for anything else. */
export function describeOther(error: unknown): Failure | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null;
  for (const [mark, known] of PACKAGES) {
    if (!(mark in error)) continue;
    const { code, message } = error;
    const { remedy = null, exitCode = EXIT.incomplete } = known[code] ?? {};
    return { code, message, remedy, exitCode };
  }
  return null;
}
