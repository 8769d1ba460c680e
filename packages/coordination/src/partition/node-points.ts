import type { HashFunction } from './hash-function.js';

/** Up to so many bytes hashed at once cost less than to go on with a digest and copy it at each point. */
const ONE_SHOT_BYTES = 2_048;

/**
 * The points of a node on the ring, one digest behind the other: point r is the digest of the node's bytes written
 * r + 2 times.
 */
export function nodePoints(key: Buffer, count: number, hash: HashFunction): Buffer {
  return key.length * (count + 1) <= ONE_SHOT_BYTES ? atOnce(key, count, hash) : goingOn(key, count, hash);
}

function atOnce(key: Buffer, count: number, hash: HashFunction): Buffer {
  const points = Buffer.allocUnsafeSlow(count * hash.width);
  const text = Buffer.alloc(key.length * (count + 1), key);
  for (let r = 0; r < count; r++)
    hash.digestTo(points, r * hash.width, text.subarray(0, key.length * (r + 2)));
  return points;
}

function goingOn(key: Buffer, count: number, hash: HashFunction): Buffer {
  const points = Buffer.allocUnsafeSlow(count * hash.width);
  const digest = hash.begin().update(key);
  for (let r = 0; r < count; r++)
    digest
      .update(key)
      .copy()
      .digest()
      .copy(points, r * hash.width);
  return points;
}
