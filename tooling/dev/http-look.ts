import { setTimeout as sleep } from 'node:timers/promises';

/** Ms between two looks, and ms that one may take. */
const LOOK_EVERY_MS = 100;
const LOOK_MS = 2_000;

type Fields = Readonly<Record<string, unknown>>;

/** Resolves with the body of the first answer 200 that `fits`. @throws the signal's reason. */
export async function untilHealthy(
  url: string,
  signal: AbortSignal,
  fits: (body: Fields) => boolean = () => true,
): Promise<void> {
  for (;;) {
    const body = await look(url, signal);
    if (body !== null && fits(body)) return;
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}

/** The JSON object of an answer 200; null: there is none. @throws the signal's reason. */
export async function look(url: string, signal: AbortSignal): Promise<Fields | null> {
  try {
    const reply = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(LOOK_MS)]) });
    const body: unknown = await reply.json();
    return reply.ok && typeof body === 'object' && body !== null ? (body as Fields) : null;
  } catch {
    signal.throwIfAborted();
    return null;
  }
}
