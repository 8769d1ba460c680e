import { type Script, script } from './script.js';

/**
 * Fails wherever a write would (a replica, a server that loads or whose memory is full, a user without the right), and
 * changes nothing: an empty text put into a key that does not exist does not make it.
 *
 * - KEYS: a key that nobody uses
 * - reply: 0
 */
export const PROVE: Script = script(`return redis.call('SETRANGE', KEYS[1], 0, '')`);
