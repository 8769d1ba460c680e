import path from 'node:path';
import { styleText } from 'node:util';
import { PROGRAMS } from './programs.js';
import type { Addresses } from './servers.js';
import type { Settings } from './settings.js';
import type { WorkerPlace } from './workers.js';

/** What the banner tells of. */
export interface Running {
  readonly settings: Settings;
  readonly addresses: Addresses;
  readonly workers: readonly WorkerPlace[];
  readonly leader: WorkerPlace;
  readonly cwd: string;
}

/** Where everything is, and what to try next. */
export function banner(running: Running, colour: boolean): string {
  const { settings, addresses, workers, leader } = running;
  const strong = (text: string): string => (colour ? styleText('bold', text) : text);
  const soft = (text: string): string => (colour ? styleText('cyan', text) : text);
  const facts: (readonly [string, string])[] = [
    ['cluster', `${addresses.cluster}/v1   pid ${addresses.clusterPid}   /docs, /metrics`],
    [
      'engine',
      `${addresses.engine} (gRPC)   pid ${addresses.enginePid}   admin ${addresses.engineAdmin}/state, /metrics`,
    ],
    ...workers.map(({ name, id, pid, health }): readonly [string, string] => [
      name,
      `${health}/healthz   pid ${pid}${id === leader.id ? '   leads' : ''}`,
    ]),
    ['coordination', leader.coordination],
    ['journal', settings.env['HOLDFAST_JOURNAL'] ?? ''],
    ['data', settings.dataDir],
    [
      'fault rate',
      `${settings.env['RANDOM_BEHAVIOR'] || '0.2'} of the calls of a node fail (RANDOM_BEHAVIOR)`,
    ],
    ['admin token', settings.tokenIsNew ? settings.adminToken : 'as set (HOLDFAST_ADMIN_TOKEN)'],
  ];
  const width = Math.max(...facts.map(([name]) => name.length));
  return [
    '',
    strong('Holdfast is running'),
    ...facts.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
    '',
    strong('In a second terminal, in this folder, once'),
    ...setUp(running).map((line) => `  ${soft(line)}`),
    '',
    strong('Try next'),
    ...tryNext(leader).map((line) => `  ${soft(line)}`),
    '',
    'Ctrl-C ends everything; the data stays. --fresh starts empty.',
    '',
    '',
  ].join('\n');
}

/** The short name, and what the commands have to know when it is not the default. */
function setUp({ settings, addresses, cwd }: Running): readonly string[] {
  const { env, dataDir, tokenIsNew, adminToken } = settings;
  const differs: (readonly [string, string, string])[] = [
    ['CLUSTER_PORT', portOf(addresses.cluster), '8080'],
    ['ENGINE_PORT', portOf(`http://${addresses.engine}`), '50051'],
    ['ENGINE_ADMIN_PORT', portOf(addresses.engineAdmin), '50052'],
    ['HOLDFAST_DATA', dataDir, path.resolve(cwd, '.holdfast')],
    ['HOLDFAST_JOURNAL', env['HOLDFAST_JOURNAL'] ?? '', path.join(dataDir, 'journal.db')],
    ['HOLDFAST_NODES', env['HOLDFAST_NODES'] ?? '', ''],
    ['HOLDFAST_ENGINE', env['HOLDFAST_ENGINE'] ?? '', ''],
    ['COORDINATION_URL', withoutSecret(env['COORDINATION_URL'] ?? ''), ''],
    ['HOLDFAST_ADMIN_TOKEN', tokenIsNew ? adminToken : '', ''],
  ];
  const exports = differs
    .filter(([, value, usual]) => value !== '' && value !== usual)
    .map(([name, value]) => `${name}=${quoted(value)}`);
  const alias = `alias job=${quoted(`node ${path.relative(cwd, PROGRAMS.job)}`)}`;
  return exports.length === 0 ? [alias] : [alias, `export ${exports.join(' ')}`];
}

function tryNext(leader: WorkerPlace): readonly string[] {
  return [
    'job want 1 2 3',
    'job status',
    "job query 'SELECT group_id FROM desired_groups'",
    'job switch',
    `kill -9 ${leader.pid}   # the leader; job status shows who comes next`,
  ];
}

function portOf(url: string): string {
  return new URL(url).port;
}

/** A password is not shown; whoever set it knows it. */
function withoutSecret(url: string): string {
  if (!URL.canParse(url)) return url;
  const parsed = new URL(url);
  if (parsed.password === '') return url;
  parsed.password = 'PASSWORD';
  return parsed.href;
}

/** For the shell. */
function quoted(text: string): string {
  return /^[\w.:/@=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
