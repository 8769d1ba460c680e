import { NamedZone } from './named-zone.js';
import { parseOffset } from './offset.js';

/** A time zone, which knows its distance from UTC. */
export interface Zone {
  /** Seconds east of UTC at that instant (whole seconds since 1970). */
  offsetAt(epochSecond: number): number;
}

/** Other offsets than these few are rare, and cheap to make anew. */
const MAX_OFFSETS = 1_024;

const offsets = new Map<string, Zone>();
/** By the name in lower case, of which there are no more than zones. */
const named = new Map<string, NamedZone>();

/** What UTC is called where no zone is given. */
export const UTC: Zone = { offsetAt: () => 0 };

/** The zone of this name (`Z`, `+HH:MM`, `-HH:MM` or an IANA name), or `undefined` if there is none. Remembered. */
export function zoneOf(name: string): Zone | undefined {
  if (name === '' || name === 'Z') return UTC;
  return offsets.get(name) ?? named.get(name.toLowerCase()) ?? findZone(name);
}

function findZone(name: string): Zone | undefined {
  const offset = parseOffset(name);
  if (offset !== undefined) {
    const zone = { offsetAt: () => offset };
    if (offsets.size >= MAX_OFFSETS) offsets.clear();
    offsets.set(name, zone);
    return zone;
  }
  const zone = NamedZone.find(name);
  if (zone !== undefined) named.set(name.toLowerCase(), zone);
  return zone;
}
