/** A number in [0, limit). */
export type Dice = (limit: number) => number;

/** The same throws for the same seed. */
export function diceOf(seed: number): Dice {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) || 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

const LENGTHS = [-2_147_483_648, -1, 0, 1, 2, 3, 16, 255, 65_536, 1_048_577, 16_777_216, 2_147_483_647];

type Mutation = (bytes: Buffer, dice: Dice, other: Uint8Array) => Buffer;

function flipBit(bytes: Buffer, dice: Dice): Buffer {
  if (bytes.length === 0) return bytes;
  const at = dice(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << dice(8));
  return bytes;
}

function setByte(bytes: Buffer, dice: Dice): Buffer {
  if (bytes.length > 0) bytes[dice(bytes.length)] = dice(256);
  return bytes;
}

function truncate(bytes: Buffer, dice: Dice): Buffer {
  return bytes.subarray(0, dice(bytes.length + 1));
}

function inflate(bytes: Buffer, dice: Dice): Buffer {
  if (bytes.length >= 4) bytes.writeInt32BE(LENGTHS[dice(LENGTHS.length)] ?? 0, dice(bytes.length - 3));
  return bytes;
}

function cutOut(bytes: Buffer, dice: Dice): Buffer {
  const start = dice(bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + dice(12))]);
}

function repeat(bytes: Buffer, dice: Dice): Buffer {
  const start = dice(bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, start + dice(40)), bytes.subarray(start)]);
}

function splice(bytes: Buffer, dice: Dice, other: Uint8Array): Buffer {
  const start = dice(other.length + 1);
  return Buffer.concat([bytes.subarray(0, dice(bytes.length + 1)), other.subarray(start)]);
}

function scatter(bytes: Buffer, dice: Dice): Buffer {
  const start = dice(bytes.length + 1);
  for (let at = start; at < Math.min(bytes.length, start + 8); at += 1) bytes[at] = dice(256);
  return bytes;
}

function random(_bytes: Buffer, dice: Dice): Buffer {
  return Buffer.from(Array.from({ length: dice(48) }, () => dice(256)));
}

/** Those that leave most of the bytes in place come more often, for they get further. */
const MUTATIONS: readonly Mutation[] = [
  flipBit,
  flipBit,
  flipBit,
  setByte,
  setByte,
  inflate,
  inflate,
  scatter,
  cutOut,
  repeat,
  splice,
  truncate,
  random,
];

/** One to three changes of a copy of these bytes. */
export function mutate(sample: Uint8Array, other: Uint8Array, dice: Dice): Buffer {
  let bytes: Buffer = Buffer.from(sample);
  for (let left = 1 + dice(3); left > 0; left -= 1) {
    const mutation = MUTATIONS[dice(MUTATIONS.length)] ?? flipBit;
    bytes = mutation(bytes, dice, other);
  }
  return bytes;
}
