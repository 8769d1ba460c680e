import type { Hint } from '../../driver/index.js';
import type { Names } from './names.js';

/** What a message means; undefined when it means nothing to this version. */
export function hintOf(names: Names, channel: Buffer, message: Buffer): Hint | undefined {
  const group = names.groupOf(channel);
  if (group !== undefined) return { type: 'group', group };
  const [type, ...rest] = message.toString('latin1').split(':');
  const [first = '', token = ''] = rest;
  if (type === 'holder' && first !== '') return { type, token: first };
  const afterMs = Number(first);
  if (type !== 'turn' || token === '' || !(afterMs >= 0)) return undefined;
  return { type, token, afterMs };
}
