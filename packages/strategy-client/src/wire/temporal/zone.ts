import { NamedZone } from './named-zone.js';
import { parseOffset } from './offset.js';

/** A time zone, which knows its distance from UTC. */
export interface Zone {
  /** Seconds east of UTC at that instant (whole seconds since 1970). */
  offsetAt(epochSecond: number): number;
}

/** More than there are zones; only senders of many offsets get there. */
const MAX_ZONES = 1_024;

const known = new Map<string, Zone | undefined>();

/** What UTC is called where no zone is given. */
export const UTC: Zone = { offsetAt: () => 0 };

/** The zone of this name (`Z`, `+HH:MM`, `-HH:MM` or an IANA name), or `undefined` if there is none. Remembered. */
export function zoneOf(name: string): Zone | undefined {
  const zone = known.get(name);
  if (zone !== undefined || known.has(name)) return zone;
  if (known.size >= MAX_ZONES) known.clear();
  const found = findZone(name);
  known.set(name, found);
  return found;
}

function findZone(name: string): Zone | undefined {
  if (name === '' || name === 'Z') return UTC;
  const offset = parseOffset(name);
  if (offset !== undefined) return { offsetAt: () => offset };
  return NamedZone.find(name);
}
