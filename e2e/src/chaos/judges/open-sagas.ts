import type { History, Verdict } from '../history/history.js';

/** Sagas that the journal still has open; those that are parked wait for an operator, which chaos has none of. */
export function openSagas({ facts: { openSagas, parkedSagas } }: History): Verdict {
  const holds = openSagas === 0 && parkedSagas === 0;
  const parked = parkedSagas === 0 ? '' : `, ${parkedSagas} parked`;
  return {
    name: 'sagas left open',
    holds,
    figure: `${openSagas}${parked}`,
    bound: '0',
    against: holds ? [] : [`the journal has ${openSagas} unfinished sagas${parked}`],
  };
}
