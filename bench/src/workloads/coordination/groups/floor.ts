import { Redis } from 'ioredis';
import { BenchError } from '../../../harness/bench-error.js';
import { load } from '../contenders/floor.js';

const JOIN = `if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end return redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2])`;
const LEAVE = `if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end return redis.call('HDEL', KEYS[1], ARGV[1])`;
const READ = `
local fields, beats = redis.call('HGETALL', KEYS[1]), {}
for i = 1, #fields, 2 do
  if fields[i] ~= '__created__' then beats[#beats + 1] = ARGV[1] .. fields[i] end
end
for from = 1, #beats, 4000 do
  for _, beat in ipairs(redis.call('MGET', unpack(beats, from, math.min(from + 3999, #beats)))) do
    if not beat then return redis.error_reply('a member is dead') end
  end
end
return { { fields, redis.call('HGETALL', KEYS[2]), redis.call('GET', KEYS[3]) } }`;

/** Groups as bare scripts on the keys of tooz: who joins does not beat, nobody is told, nothing is decoded. */
export interface GroupsFloor extends AsyncDisposable {
  join(): Promise<void>;
  leave(): Promise<void>;
  /** What the coordinator gets for the same group, as buffers: beats are looked at, and all have to live. */
  read(group: string): Promise<void>;
}

export async function openGroupsFloor(url: string): Promise<GroupsFloor> {
  const client = new Redis(url);
  const [join, leave, read] = [await load(client, JOIN), await load(client, LEAVE), await load(client, READ)];
  const group = 'floor_group:bench';
  await client.hset(group, '__created__', '1');
  const expectOne = (reply: unknown): void => {
    if (reply !== 1) throw new BenchError('WRONG_REPLY', `the floor's group answered ${String(reply)}`);
  };
  return {
    join: async () => expectOne(await client.evalsha(join, 1, group, 'floor', Buffer.of(0xc0))),
    leave: async () => expectOne(await client.evalsha(leave, 1, group, 'floor')),
    async read(name) {
      const keys = [`_tooz_group:${name}`, `_tooz_x:incarnations:${name}:`, `_tooz_leader_of_${name}_lock`];
      await client.callBuffer('EVALSHA', read, keys.length, ...keys, '_tooz_beats:');
    },
    async [Symbol.asyncDispose]() {
      await client.quit();
    },
  };
}
