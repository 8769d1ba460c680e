import { readFileSync } from 'node:fs';

const BOOT_ID_FILE = '/proc/sys/kernel/random/boot_id';

/**
 * Names the present boot of this host, or null where the system does not tell. Monotonic time starts anew with each
 * boot, so an instant that was written down in another one means nothing.
 */
export function hostBootId(): string | null {
  try {
    return readFileSync(BOOT_ID_FILE, 'utf8').trim();
  } catch {
    return null;
  }
}
