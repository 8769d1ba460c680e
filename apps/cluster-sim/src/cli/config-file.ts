import { readFileSync } from 'node:fs';
import { ClusterSimError } from '../cluster-sim-error.js';
import type { ClusterSimOptions } from '../options.js';

/** What a config file may hold: the options that JSON can write, and the log level. */
export type ConfigFile = Omit<ClusterSimOptions, 'logger' | 'clock' | 'random'> & {
  readonly logLevel?: string;
};

type Check = readonly [accepts: (value: unknown) => boolean, wanted: string];

const NUMBER: Check = [(value) => typeof value === 'number', 'a number'];
const STRING: Check = [(value) => typeof value === 'string', 'a string'];
const OBJECT: Check = [isObject, 'an object'];

/** Kinds only; ranges are checked with those of all other options. */
const FIELDS: Readonly<Record<keyof ConfigFile, Check>> = {
  nodes: [isStrings, 'a list of strings'],
  host: STRING,
  port: NUMBER,
  nodePorts: [(value) => typeof value === 'boolean' || isObject(value), 'true, false or an object of ports'],
  dataDir: STRING,
  extensions: [(value) => typeof value === 'string' || isStrings(value), 'on, off or a list of strings'],
  faults: OBJECT,
  seed: [(value) => typeof value === 'string' || typeof value === 'number', 'a string or a number'],
  adminToken: STRING,
  maxBodyBytes: NUMBER,
  maxIdBytes: NUMBER,
  maxLogBytes: NUMBER,
  closeTimeoutMs: NUMBER,
  logLevel: STRING,
};

/**
 * Reads a JSON file of options.
 *
 * @throws ClusterSimError `INVALID_OPTION` that names the file and the field.
 */
export function readConfigFile(path: string): ConfigFile {
  const config = parse(path);
  for (const [name, value] of Object.entries(config)) {
    if (!isField(name)) {
      throw new ClusterSimError(
        'INVALID_OPTION',
        `${path}: '${name}' is not known; use ${Object.keys(FIELDS).join(', ')}`,
      );
    }
    const [accepts, wanted] = FIELDS[name];
    if (!accepts(value)) throw new ClusterSimError('INVALID_OPTION', `${path}: ${name} must be ${wanted}`);
  }
  return config;
}

function parse(path: string): Readonly<Record<string, unknown>> {
  let config: unknown;
  try {
    config = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new ClusterSimError('INVALID_OPTION', `${path} cannot be read as JSON: ${String(cause)}`, {
      cause,
    });
  }
  if (!isObject(config)) throw new ClusterSimError('INVALID_OPTION', `${path} must hold a JSON object`);
  return config;
}

function isField(name: string): name is keyof ConfigFile {
  return Object.hasOwn(FIELDS, name);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isStrings(value: unknown): boolean {
  return Array.isArray(value) && value.every((member) => typeof member === 'string');
}
