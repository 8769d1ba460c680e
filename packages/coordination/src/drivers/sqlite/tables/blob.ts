import type { LockKey } from '../../../driver/index.js';
import { idBytes } from '../../../ids.js';

const lockBytes = new WeakMap<LockKey, Buffer>();

/** A lock's name as bytes, its kind before it; kept for as long as the lock object is. */
export function lockBlob(lock: LockKey): Buffer {
  const known = lockBytes.get(lock);
  if (known !== undefined) return known;
  const bytes = Buffer.concat([Buffer.from(`${lock.kind}:`), idBytes(lock.id)]);
  lockBytes.set(lock, bytes);
  return bytes;
}
