import { SerializationError } from '../errors.js';
import type { Capability, CapabilityExtension } from './capabilities.js';

/** Extension types of oslo.serialization. */
const UUID = 0;
const DATETIME = 1;
const IP_ADDRESS = 3;
/** Python's set. */
export const SET = 4;
/** Python's frozenset: the only set that a set can hold. */
export const FROZEN_SET = 5;
const XMLRPC_DATETIME = 6;
const DATE = 7;

/**
 * The value of an extension that oslo.serialization writes; types without a counterpart stay what they are. Throws
 * `SerializationError` for data that its type cannot have.
 */
export function osloValue(
  extension: CapabilityExtension,
  read: (bytes: Uint8Array) => Capability,
): Capability {
  const { type, data } = extension;
  switch (type) {
    case UUID:
      return uuid(data);
    case DATETIME:
    case XMLRPC_DATETIME:
      return dateTime(type, fields(type, read(data)));
    case DATE:
      return date(type, fields(type, read(data)));
    case SET:
    case FROZEN_SET:
      return set(type, read(data));
    case IP_ADDRESS:
      return ipAddress(read(data)) ?? extension;
    default:
      return extension;
  }
}

function uuid(data: Uint8Array): string {
  const parts = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/.exec(Buffer.from(data).toString('latin1'));
  const hex = parts?.slice(1) ?? [];
  if (hex.length === 5 && /^[\da-f]{32}$/i.test(hex.join(''))) return hex.join('-').toLowerCase();
  throw broken(UUID);
}

/** ISO 8601 with the zone's name in brackets, if there is one: what `Temporal` reads. */
function dateTime(type: number, of: Fields): string {
  const time = [of('hour'), of('minute'), of('second')].map((part) => digits(type, part, 2)).join(':');
  const fraction = digits(type, of('microsecond'), 6);
  const zone = of('tz');
  const suffix = zone === undefined ? '' : `[${text(type, zone)}]`;
  return `${date(type, of)}T${time}${Number(fraction) === 0 ? '' : `.${fraction}`}${suffix}`;
}

const date = (type: number, of: Fields): string =>
  `${digits(type, of('year'), 4)}-${digits(type, of('month'), 2)}-${digits(type, of('day'), 2)}`;

function set(type: number, values: Capability): Set<Capability> {
  if (Array.isArray(values)) return new Set(values);
  throw broken(type);
}

/** Null for IPv6, which oslo can hardly write: its integers end at 64 bits. */
function ipAddress(value: Capability): string | null {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 0xff_ff_ff_ff)
    return null;
  return [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff].join('.');
}

type Fields = (name: string) => Capability | undefined;

function fields(type: number, value: Capability): Fields {
  if (typeof value !== 'object' || value === null) throw broken(type);
  const map = new Map<string, Capability>(Object.entries(value));
  return (name) => map.get(name);
}

function digits(type: number, value: Capability | undefined, width: number): string {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 10 ** width)
    return String(value).padStart(width, '0');
  throw broken(type);
}

/** Python 2 wrote the zone as bytes. */
function text(type: number, value: Capability): string {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
  throw broken(type);
}

const broken = (type: number): SerializationError =>
  new SerializationError(
    `the capabilities hold an extension of type ${type} whose data oslo would not write`,
  );
