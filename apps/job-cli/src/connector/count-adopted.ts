import type { ReliableConnector } from '@holdfast/reliable-connector';
import type { Output } from '../output/output.js';

/** Counts the unfinished sagas of earlier runs that are taken over from now on, and says so once. */
export function countAdopted(connector: ReliableConnector, output: Output): () => number {
  let adopted = 0;
  connector.on('adopt', () => {
    if (adopted === 0) output.note('Taking over what an earlier run left unfinished.');
    adopted++;
  });
  return () => adopted;
}
