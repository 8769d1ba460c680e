import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');

/** Collects what nobody holds, now; its finalizers run soon after. */
export const collectGarbage: () => void = runInNewContext('gc');
