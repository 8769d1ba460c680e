import { Coordinator } from './coordinator.js';
import { driverOf } from './drivers/registry.js';
import { CoordinationError, DriverChosenPoorly } from './errors.js';
import { type Id, idText } from './ids.js';
import { type CoordinatorOptions, resolveCoordinatorOptions } from './options.js';

/**
 * A coordinator for the backend at `url`, as `memberId`, which must be unique among its members. Nothing is connected
 * before `start()`. Options in the URL's query string have tooz's names and units, so that one URL serves both languages;
 * options given here win.
 *
 * Throws `INVALID_ARGUMENT` for a URL, id or option that cannot be, and `DriverChosenPoorly` when the driver lacks a
 * characteristic that was asked for.
 */
export function getCoordinator(url: string, memberId: Id, options: CoordinatorOptions = {}): Coordinator {
  const parsed = parse(url);
  const definition = options.driver ?? driverOf(parsed);
  const resolved = resolveCoordinatorOptions(parsed, options);
  const missing = [...resolved.characteristics].filter((one) => !definition.characteristics.has(one));
  if (missing.length > 0) throw new DriverChosenPoorly(definition.name, missing, definition.characteristics);
  definition.check?.(parsed);
  return new Coordinator({
    url: parsed,
    memberId: idText('memberId', memberId),
    definition,
    options: resolved,
  });
}

function parse(url: string): URL {
  if (URL.canParse(url)) return new URL(url);
  throw new CoordinationError(
    'INVALID_ARGUMENT',
    'the URL of the coordination backend cannot be read; give one such as memory:, sqlite:PATH or redis://host:6379',
  );
}
