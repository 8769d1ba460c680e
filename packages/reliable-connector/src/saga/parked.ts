import type { ParkedSaga } from '../reports.js';
import type { Engine } from './engine.js';

/** Every parked saga of the journal, whoever owns it, with its age. */
export async function parkedSagas({ session, clock }: Engine): Promise<readonly ParkedSaga[]> {
  const sagas = await session.sagas({ parked: true });
  return sagas.flatMap(({ id, definition, key, parked }) =>
    parked
      ? {
          sagaId: id,
          definition,
          groupId: key,
          node: parked.step,
          why: parked.why,
          ageMs: Math.max(0, clock.now() - parked.at),
        }
      : [],
  );
}
