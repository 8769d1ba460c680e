import type { Logger } from '../logger.js';
import { parseStrategy } from '../strategy.js';

/** What the engine's headers are made from; what is missing or empty is left out. */
export interface GrpcHeaderParts {
  /** `plannerip`: the engine's address, from the reply to prepareStatement. */
  readonly engineIp?: string | null | undefined;
  /** `cluster-name`, as given. */
  readonly cluster?: string | null | undefined;
  /** `strategy`, in any case of letters; an invalid one is left out with a warning. */
  readonly strategy?: unknown;
}

/** The entries of the engine's metadata in the origin's order: `plannerip`, `cluster-name`, `strategy` (engine-wire 1.2). */
export function grpcHeader(parts: GrpcHeaderParts, logger: Logger): [string, string][] {
  const entries: [string, string][] = [];
  if (parts.engineIp) entries.push(['plannerip', parts.engineIp]);
  if (parts.cluster) entries.push(['cluster-name', parts.cluster]);
  const strategy = parseStrategy(parts.strategy);
  if (strategy !== null) entries.push(['strategy', strategy]);
  else if (parts.strategy)
    logger.warn(
      { strategy: parts.strategy },
      'an invalid strategy is left out of the header; give blue or green',
    );
  return entries;
}
