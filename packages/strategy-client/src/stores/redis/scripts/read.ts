import { HELD_LUA } from './held-lua.js';
import { type Script, script } from './script.js';

/**
 * What a key holds.
 *
 * - KEYS: the key
 * - reply: text as `held` gives it
 */
export const READ: Script = script(HELD_LUA, 'return held(KEYS[1])');
