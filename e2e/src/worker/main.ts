import {
  type Outcome,
  openConnector,
  type ReliableConnector,
  ReliableConnectorError,
  type SagaEvents,
} from '@holdfast/reliable-connector';
import type { Message, OperationEnd, Request, Trigger, WorkerCalls, WorkerConfig } from './protocol.js';

const EVENTS: readonly (keyof SagaEvents)[] = [
  'plan',
  'attempt',
  'decision',
  'settle',
  'adopt',
  'park',
  'end',
];

const config = JSON.parse(process.argv[2] ?? '') as WorkerConfig;
const leadership = new AbortController();
const connector = await open(config);
const fires = config.trigger ? armed(config.trigger) : () => false;
for (const event of EVENTS) connector.on(event, (payload) => tell(event, { ...payload }));

process.on('message', (request: Request) => void answer(request));
process.on('disconnect', () => process.exit(0));
send({ type: 'ready', journalId: connector.journalId });

/** Background recovery is off: a test decides who recovers, and when. */
function open({ term, trigger: _, ...options }: WorkerConfig): Promise<ReliableConnector> {
  return openConnector({
    ...options,
    recoverEveryMs: 0,
    ...(term !== undefined && { leadership: { term: BigInt(term), signal: leadership.signal } }),
  });
}

function tell(event: keyof SagaEvents, payload: Readonly<Record<string, unknown>>): void {
  send({ type: 'event', event, payload });
  if (config.trigger && fires(event, payload)) process.kill(process.pid, config.trigger.signal);
}

function armed({
  event,
  where = {},
  nth,
}: Trigger): (seen: string, payload: Readonly<Record<string, unknown>>) => boolean {
  let left = nth;
  return (seen, payload) => {
    const fits = seen === event && Object.entries(where).every(([field, value]) => payload[field] === value);
    return fits && --left === 0;
  };
}

type Handlers = {
  readonly [N in keyof WorkerCalls]: (
    ...args: Parameters<WorkerCalls[N]>
  ) => Promise<ReturnType<WorkerCalls[N]>>;
};

async function answer({ call, name, args }: Request): Promise<void> {
  const handlers: Handlers = {
    create: (groupId, options) => timed(() => connector.createGroup(groupId, options)),
    delete: (groupId, options) => timed(() => connector.deleteGroup(groupId, options)),
    recover: (wait) => connector.recover({ wait }),
    sagas: () => connector.sagas(),
    abdicate: async () => {
      leadership.abort();
      return null;
    },
    close: async () => {
      await connector.close();
      return null;
    },
  };
  // The name decides which arguments came with it; the parent's side is typed.
  const handler = handlers[name] as (...args: readonly unknown[]) => Promise<unknown>;
  try {
    const value = await handler(...args);
    // The end must come from this side: a parent that disconnects first is not told of the end of its child.
    send({ type: 'answer', call, value }, name === 'close' ? () => process.exit(0) : undefined);
  } catch (error) {
    send({ type: 'failure', call, message: String(error) });
  }
}

async function timed(work: () => Promise<Outcome>): Promise<OperationEnd> {
  const from = now();
  try {
    const { status, reason, direction, sagaId } = await work();
    const outcome = { status, sagaId, ...(reason && { reason }), ...(direction && { direction }) };
    return { from, to: now(), outcome };
  } catch (error) {
    const code = error instanceof ReliableConnectorError ? error.code : 'OTHER';
    return { from, to: now(), error: code, message: String(error) };
  }
}

/** CLOCK_MONOTONIC in ms, whose zero all processes of a host share. */
function now(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000;
}

function send(message: Message, sent: () => void = () => {}): void {
  process.send?.(message, undefined, {}, sent);
}
