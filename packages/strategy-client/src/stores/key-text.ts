import type { StoreKey } from './strategy-store.js';

/** A key as one text: `target|cluster`. Equal for equal keys only, whatever they consist of. */
export const keyText = (key: StoreKey): string => `${escaped(key.target)}|${escaped(key.cluster)}`;

const escaped = (part: string): string => part.replaceAll('%', '%25').replaceAll('|', '%7C');
