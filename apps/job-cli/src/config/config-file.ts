import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { JobError } from '../job-error.js';
import { absoluteUrl } from './coordination-url.js';
import { parseHostPort } from './host-port.js';
import { checkNodes, type NodeUrls } from './parse-nodes.js';

/** Name of the configuration file that is looked for in the current folder. */
export const CONFIG_FILE = 'holdfast.config.json';

/** What `holdfast.config.json` may say. Every key is optional. */
export interface FileConfig {
  /** Node name → base URL. */
  readonly nodes?: NodeUrls;
  /** Path of the journal, absolute; in the file it is relative to the file's folder. */
  readonly journal?: string;
  /** Ms after which a request that was sent can no longer take effect. */
  readonly maxServerLagMs?: number;
  /** `host:port` of the query engine's router. */
  readonly engine?: string;
  /** URL of the coordination backend; a relative path in it starts from the file's folder. */
  readonly coordination?: string;
}

const KEYS = ['nodes', 'journal', 'maxServerLagMs', 'engine', 'coordination'];

/**
 * Reads the configuration file. Without `named` a missing file is an empty configuration.
 *
 * @throws JobError that names the file, the key and what it should be.
 */
export async function readConfigFile(cwd: string, named: string | undefined): Promise<FileConfig> {
  const file = path.resolve(cwd, named ?? CONFIG_FILE);
  const text = await readText(file, named !== undefined);
  if (text === null) return {};
  const json = parseObject(text, file);
  const unknown = Object.keys(json).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw unusable(file, `it has the unknown key ${JSON.stringify(unknown)}`);
  return Object.freeze({
    ...(json['nodes'] === undefined ? {} : { nodes: nodesOf(json['nodes'], file) }),
    ...(json['journal'] === undefined ? {} : { journal: journalOf(json['journal'], file) }),
    ...(json['maxServerLagMs'] === undefined ? {} : { maxServerLagMs: lagOf(json['maxServerLagMs'], file) }),
    ...(json['engine'] === undefined ? {} : { engine: engineOf(json['engine'], file) }),
    ...(json['coordination'] === undefined
      ? {}
      : { coordination: coordinationOf(json['coordination'], file) }),
  });
}

async function readText(file: string, needed: boolean): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (!needed && cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw new JobError('CONFIG', `the configuration file ${file} cannot be read: ${reason(cause)}`, {
      cause,
    });
  }
}

function parseObject(text: string, file: string): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(text);
    if (isObject(json)) return json;
  } catch (cause) {
    throw unusable(file, `it is not JSON (${reason(cause)})`, cause);
  }
  throw unusable(file, 'it is not a JSON object');
}

function nodesOf(value: unknown, file: string): NodeUrls {
  if (!isObject(value)) throw unusable(file, '"nodes" is not an object of name and URL');
  const pairs = Object.entries(value).map(([name, url]): readonly [string, string] => {
    if (typeof url !== 'string') throw unusable(file, `the URL of ${name} is not a string`);
    return [name, url];
  });
  return checkNodes(pairs, `"nodes" in ${file}`);
}

function journalOf(value: unknown, file: string): string {
  if (typeof value === 'string' && value !== '') return path.resolve(path.dirname(file), value);
  throw unusable(file, '"journal" is not a path');
}

function lagOf(value: unknown, file: string): number {
  if (typeof value === 'number' && value >= 0 && value <= 86_400_000) return value;
  throw unusable(file, `"maxServerLagMs" is ${JSON.stringify(value)}, not a number of ms from 0 to 86400000`);
}

function engineOf(value: unknown, file: string): string {
  if (typeof value !== 'string') throw unusable(file, '"engine" is not a string');
  parseHostPort(value, `"engine" in ${file}`);
  return value;
}

function coordinationOf(value: unknown, file: string): string {
  if (typeof value !== 'string') throw unusable(file, '"coordination" is not a string');
  return absoluteUrl(value, `"coordination" in ${file}`, path.dirname(file));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function unusable(file: string, what: string, cause?: unknown): JobError {
  return new JobError('CONFIG', `the configuration file ${file} cannot be used: ${what}`, {
    remedy: `It may have the keys ${KEYS.join(', ')}, as {"nodes":{"node01":"http://127.0.0.1:8080/v1"}}.`,
    cause,
  });
}
