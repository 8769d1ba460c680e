import { resolve } from 'node:path';
import { styleText } from 'node:util';
import type { ClusterSim } from '../cluster-sim.js';
import { advertisedExtensions, resolveExtensions } from '../extensions.js';
import { DEFAULT_DATA_DIR } from '../options.js';
import type { Settings } from './settings.js';

/**
 * What a person sees at the start: where everything is, and what to try next.
 *
 * @param colour whether escape codes are welcome.
 */
export function banner(cluster: ClusterSim, settings: Settings, colour: boolean): string {
  const strong = (text: string): string => (colour ? styleText('bold', text) : text);
  const soft = (text: string): string => (colour ? styleText('cyan', text) : text);
  const { url } = cluster;
  const facts: [string, string][] = [
    ...Object.entries(cluster.nodes),
    ['docs', `${url}/docs`],
    ['metrics', `${url}/metrics`],
    ['admin token', settings.tokenIsNew ? cluster.adminToken : 'as set (HOLDFAST_ADMIN_TOKEN)'],
    ['extensions', extensionsOf(settings)],
    ['fault rate', `${faultRate(settings)}   seed ${cluster.seed}`],
    ['data', resolve(settings.options.dataDir ?? DEFAULT_DATA_DIR)],
  ];
  const width = Math.max(...facts.map(([name]) => name.length));
  const lines = facts.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
  const commands = tryNext(cluster, settings).map((command) => `  ${soft(command)}`);
  return ['', strong('Holdfast cluster'), ...lines, '', strong('Try next'), ...commands, '', ''].join('\n');
}

/** Five commands that work as they stand. */
function tryNext(cluster: ClusterSim, settings: Settings): readonly string[] {
  const { url, nodes } = cluster;
  const [node = 'node01'] = Object.keys(nodes);
  const token = settings.tokenIsNew ? cluster.adminToken : '$HOLDFAST_ADMIN_TOKEN';
  return [
    'pnpm job create',
    'pnpm job stats',
    'pnpm job delete',
    `curl -i ${url}/v1/group -H 'node: ${node}' -d '{"groupId": "5"}'`,
    `curl -X PUT ${url}/admin/faults -H "Authorization: Bearer ${token}" -d '{"errorBefore": 0.5}'`,
  ];
}

function extensionsOf(settings: Settings): string {
  return advertisedExtensions(resolveExtensions(settings.options.extensions ?? 'on')) ?? 'off';
}

function faultRate(settings: Settings): string {
  return String(settings.options.faults?.errorBefore ?? 0);
}
