import { createHash, randomBytes } from 'node:crypto';
import { StrategyClientError } from '../../errors.js';
import { wholeInRange } from '../../in-range.js';

export interface WorkerThreadsSpaceOptions {
  /** How many different keys (target and cluster) the space holds, all its life. Default 256, at most 65,536. */
  readonly maxKeys?: number;
}

/** Memory that threads of one process share. Plain data: hand it on by `workerData` or `postMessage`. */
export interface WorkerThreadsSpace {
  /** Two words of 64 bits for each key: which key it is, and its state. */
  readonly memory: SharedArrayBuffer;
  /** Name of the BroadcastChannel by which threads tell each other of changes. */
  readonly channel: string;
}

const DEFAULT_MAX_KEYS = 256;
const MOST_KEYS = 65_536;
/** Bytes of one key's two words. */
const SLOT_BYTES = 16;

/** Makes the space, in one thread; `workerThreadsStore(space)` opens it in each. */
export function createWorkerThreadsSpace(options: WorkerThreadsSpaceOptions = {}): WorkerThreadsSpace {
  const maxKeys = wholeInRange('maxKeys', options.maxKeys ?? DEFAULT_MAX_KEYS, 1, MOST_KEYS);
  return {
    memory: new SharedArrayBuffer(maxKeys * SLOT_BYTES),
    channel: `holdfast:strategy:${randomBytes(12).toString('base64url')}`,
  };
}

/** The words of a space. Throws `INVALID_ARGUMENT` for what is none. */
export function wordsOf(space: WorkerThreadsSpace): BigUint64Array {
  const { memory, channel } = space;
  if (memory instanceof SharedArrayBuffer && memory.byteLength >= SLOT_BYTES && typeof channel === 'string')
    return new BigUint64Array(memory);
  throw new StrategyClientError(
    'INVALID_ARGUMENT',
    'space is not of createWorkerThreadsSpace(); create it in one thread and pass it on as workerData',
  );
}

/**
 * Index of the word with the state of a key; claims a place for a key that has none. A key is known by 64 bits of its
 * SHA-256, so that one step claims its place and a thread that is terminated leaves nothing half done. Throws
 * `INVALID_ARGUMENT` when the space is full.
 */
export function wordOf(words: BigUint64Array, key: string): number {
  const slots = words.length / 2;
  const mark = createHash('sha256').update(key).digest().readBigUInt64BE() || 1n;
  const home = Number(mark % BigInt(slots));
  for (let step = 0; step < slots; step++) {
    const slot = (home + step) % slots;
    const found = Atomics.compareExchange(words, slot * 2, 0n, mark);
    if (found === 0n || found === mark) return slot * 2 + 1;
  }
  throw new StrategyClientError(
    'INVALID_ARGUMENT',
    `the space holds ${slots} keys and has no place for one more; pass a greater maxKeys to createWorkerThreadsSpace`,
  );
}
