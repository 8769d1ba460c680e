import { StrategyClientError } from '../../errors.js';
import { columnName } from '../column-name.js';
import { epochSeconds, microsOfSecond } from '../temporal/instant.js';
import { DateTexts, offsetText, timeText } from '../temporal/iso-text.js';
import { UTC, type Zone, zoneOf } from '../temporal/zone.js';
import { I64, STRING } from '../thrift/types.js';
import { findField, findTexts, requireField, requireList } from './members.js';
import { textAt } from './texts.js';
import type { VectorReader, VectorSource } from './vector.js';

const SECONDS_PER_DAY = 86_400;
const NAME_CHARACTERS_SHOWN = 40;

/** DATE: the day in UTC of an instant. */
export const dates: VectorReader = {
  list: (source) => {
    const { start } = requireList(source, { member: 4, type: I64 });
    const texts = new DateTexts();
    return (row) => dateAt(source, start + row * 8, texts);
  },
  constant: (source) => dateAt(source, requireField(source, { member: 9, type: I64 }), new DateTexts()),
};

/** DATETIME and TIMESTAMP: an instant in UTC. A zone that is sent with it is ignored. */
export const datetimes: VectorReader = {
  list: (source) => {
    const { start } = requireList(source, { member: 16, type: I64 });
    const texts = new DateTexts();
    return (row) => instantAt(source, { at: start + row * 8, zone: UTC, texts });
  },
  constant: (source) => {
    const at = requireField(source, { member: 14, type: I64 });
    return instantAt(source, { at, zone: UTC, texts: new DateTexts() });
  },
};

/** TIMESTAMP_TZ: an instant in the zone of its row; UTC where none is sent. */
export const zonedTimes: VectorReader = {
  list: (source) => {
    const { start } = requireList(source, { member: 16, type: I64 });
    const zones = findTexts(source, { member: 16, id: 2 });
    const texts = new DateTexts();
    return (row) => {
      const zone = zones === undefined ? UTC : zoneAt(source, zones[row] ?? 0, row);
      return instantAt(source, { at: start + row * 8, zone, texts });
    };
  },
  constant: (source) => {
    const at = requireField(source, { member: 14, type: I64 });
    const zoneStart = findField(source, { member: 14, id: 2, type: STRING });
    const zone = zoneStart === undefined ? UTC : zoneAt(source, zoneStart, 0);
    return instantAt(source, { at, zone, texts: new DateTexts() });
  },
};

function dateAt(source: VectorSource, at: number, texts: DateTexts): string {
  const { view } = source.reader;
  return texts.of(Math.floor(epochSeconds(view.getInt32(at), view.getUint32(at + 4)) / SECONDS_PER_DAY));
}

interface Instant {
  readonly at: number;
  readonly zone: Zone;
  readonly texts: DateTexts;
}

function instantAt(source: VectorSource, instant: Instant): string {
  const { view } = source.reader;
  const high = view.getInt32(instant.at);
  const low = view.getUint32(instant.at + 4);
  const second = epochSeconds(high, low);
  const offset = instant.zone.offsetAt(second);
  const local = second + offset;
  const day = Math.floor(local / SECONDS_PER_DAY);
  const time = timeText(local - day * SECONDS_PER_DAY, microsOfSecond(high, low));
  return `${instant.texts.of(day)}T${time}${offsetText(offset)}`;
}

function zoneAt(source: VectorSource, at: number, row: number): Zone {
  const name = textAt(source, at);
  const zone = zoneOf(name);
  if (zone !== undefined) return zone;
  const shown = JSON.stringify(name.slice(0, NAME_CHARACTERS_SHOWN));
  throw new StrategyClientError(
    'VALUE_OUT_OF_RANGE',
    `column ${columnName(source.column)}, row ${row}: the time zone ${shown} is unknown here; send Z, ±HH:MM or an IANA name, or give Node.js newer time zone data`,
  );
}
