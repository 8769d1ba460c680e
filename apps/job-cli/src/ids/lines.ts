import { JobError } from '../job-error.js';

/** Longest line in characters that is waited for; without a bound a file without line ends would fill the memory. */
const MAX_LINE_LENGTH = 1_048_576;

/**
 * The lines of a byte stream as they come, without line ends, empty ones left out. UTF-8.
 *
 * @throws JobError for a line over 1 MiB.
 */
export async function* linesOf(stream: AsyncIterable<Uint8Array | string>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    const pieces = (
      rest + (typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }))
    ).split(/\r?\n/);
    rest = pieces.pop() ?? '';
    if (rest.length > MAX_LINE_LENGTH) {
      throw new JobError('USAGE', `standard input has a line of more than ${MAX_LINE_LENGTH} characters`, {
        remedy: 'Write one id per line.',
      });
    }
    yield* pieces.filter((line) => line !== '');
  }
  const last = (rest + decoder.decode()).replace(/\r$/, '');
  if (last !== '') yield last;
}
