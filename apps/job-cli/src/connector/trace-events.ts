import type { ReliableConnector, SagaEvents } from '@holdfast/reliable-connector';
import type { Run } from '../job-host.js';
import { formatInstant } from '../output/durations.js';
import { printable } from '../output/printable.js';

type EventName = keyof SagaEvents;
type Tellers = { readonly [E in EventName]: (event: SagaEvents[E]) => string };

const TELLERS: Tellers = {
  plan: (e) => `${of(e)} planned${e.token === null ? '' : `, version ${e.token}`}`,
  attempt: (e) =>
    `${of(e)} ${e.step} ${e.verb}, attempt ${e.attempt}: ${e.status ?? 'no answer'}, ${e.answer}`,
  decision: (e) => `${of(e)} decided: ${e.decision}${e.reason === null ? '' : ` (${e.reason})`}`,
  undo: (e) => `${of(e)} ${e.step} undone`,
  settle: (e) => `${of(e)} ${e.step} waits ${Math.round(e.waitMs)} ms until no request can be alive`,
  adopt: (e) => `${of(e)} taken over in phase ${e.phase}, epoch ${e.epoch}`,
  park: (e) => `${of(e)} ${e.step} parked: ${e.why}`,
  end: (e) =>
    `${of(e)} ended: ${e.outcome.status}${e.outcome.reason === undefined ? '' : ` (${e.outcome.reason})`}`,
  recover: (e) => `recovery pass: ${e.adopted} taken over, ${e.waiting} waiting, ${e.parked} parked`,
};

/** With `--verbose`: every event of the connector as a line on standard error, until the connector is closed. */
export function traceEvents(connector: ReliableConnector, run: Run): void {
  const listen = <E extends EventName>(event: E): void => {
    const tell = TELLERS[event];
    connector.on(event, (payload) => {
      run.output.trace(
        run.output.err.dim(`${formatInstant(run.io.clock.now())} ${printable(tell(payload))}`),
      );
    });
  };
  for (const event of EVENTS) listen(event);
}

const EVENTS: readonly EventName[] = [
  'plan',
  'attempt',
  'decision',
  'undo',
  'settle',
  'adopt',
  'park',
  'end',
  'recover',
];

function of(e: {
  readonly sagaId: number;
  readonly definition: string;
  readonly key: string | null;
}): string {
  return `saga ${e.sagaId} (${e.definition}${e.key === null ? '' : ` ${e.key}`})`;
}
