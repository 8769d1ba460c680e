import { HELD_LUA } from './held-lua.js';
import { type Script, script } from './script.js';

/**
 * Replaces what a key holds if that is what the caller has read, and tells the others. A user who may not publish has
 * written all the same: others hear of it when they read.
 *
 * - KEYS: the key
 * - ARGV: what `held` gave the caller, the new value, the channel
 * - reply: 1 written, 0 something else is there
 */
export const COMPARE_AND_SET: Script = script(
  HELD_LUA,
  `
if held(KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
redis.pcall('PUBLISH', ARGV[3], ARGV[2])
return 1
`,
);
