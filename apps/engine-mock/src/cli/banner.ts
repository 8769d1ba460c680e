import { resolve } from 'node:path';
import { styleText } from 'node:util';
import type { EngineMock } from '../engine-mock.js';
import { DEFAULT_PASSWORD, DEFAULT_USER } from '../options.js';
import type { Settings } from './settings.js';

/**
 * What a person sees at the start: where everything is, and what to try next.
 *
 * @param colour whether escape codes are welcome.
 */
export function banner(engine: EngineMock, settings: Settings, colour: boolean): string {
  const strong = (text: string): string => (colour ? styleText('bold', text) : text);
  const soft = (text: string): string => (colour ? styleText('cyan', text) : text);
  const { options, tokenIsNew } = settings;
  const facts: [string, string][] = [
    ['gRPC', `${engine.address}${options.tls === undefined ? '' : ' (TLS)'}`],
    ['admin', `${engine.adminUrl}`],
    ['metrics', `${engine.adminUrl}/metrics`],
    ['admin token', tokenIsNew ? engine.adminToken : 'as set (HOLDFAST_ADMIN_TOKEN)'],
    ['user', userOf(settings)],
    ['active', engine.state().active],
    ['catalogs', 'hive (ops, sales), iceberg (lab), builtin (types, generated)'],
    ['data', options.dataDir === undefined ? 'temporary' : resolve(options.dataDir)],
  ];
  const width = Math.max(...facts.map(([name]) => name.length));
  const lines = facts.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
  const commands = tryNext(engine, tokenIsNew).map((command) => `  ${soft(command)}`);
  return ['', strong('Holdfast engine'), ...lines, '', strong('Try next'), ...commands, '', ''].join('\n');
}

/** A password that was set is not shown. */
function userOf({ options }: Settings): string {
  const password = options.password === undefined ? DEFAULT_PASSWORD : 'as set';
  return `${options.user ?? DEFAULT_USER}, password ${password}`;
}

/** Five commands that work as they stand. */
function tryNext({ adminUrl, adminToken }: EngineMock, tokenIsNew: boolean): readonly string[] {
  const token = `-H "Authorization: Bearer ${tokenIsNew ? adminToken : '$HOLDFAST_ADMIN_TOKEN'}"`;
  return [
    `curl ${adminUrl}/state`,
    `curl -X POST ${adminUrl}/switch ${token} -d '{"announceMs": 5000, "drainMs": 30000}'`,
    `kill -USR2 ${process.pid}`,
    `curl -X POST ${adminUrl}/sessions/expire ${token}`,
    `curl -X PUT ${adminUrl}/faults ${token} -d '[{"kind": "delay", "delayMs": 200, "rate": 0.1}]'`,
  ];
}
