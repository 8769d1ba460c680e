import type { FaultKind, SimConfig } from '../config.js';
import type { Choice } from '../world/choice.js';
import type { Message } from './message.js';

/** Who carries messages, and can lose them. */
interface Carrier {
  drop(message: Message, how: 'before send' | 'after send'): void;
  giveUp(message: Message, how: 'before send' | 'after send'): void;
}

/** Everything bad that can happen to a message where it is now. */
export function faultsOf(message: Message, carrier: Carrier, { kinds }: SimConfig): readonly Choice[] {
  const fault = (kind: FaultKind, take: () => void): Choice[] =>
    kinds.includes(kind) ? [{ kind: 'fault', label: `${message.name}: ${kind}`, take }] : [];
  if (message.answer !== null) return fault('reply lost', () => carrier.drop(message, 'after send'));
  return [
    ...fault('before send', () => carrier.drop(message, 'before send')),
    ...fault('request lost', () => carrier.drop(message, 'after send')),
    ...fault('late', () => carrier.giveUp(message, 'after send')),
  ];
}
