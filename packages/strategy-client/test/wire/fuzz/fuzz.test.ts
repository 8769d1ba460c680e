import { afterAll, beforeAll, expect, test } from 'vitest';
import { diceOf, mutate } from './mutate.js';
import { type Ending, judgeBatch, judgeMetadata } from './oracle.js';
import { BATCHES, METADATA } from './samples.js';

const INPUTS = 1_000_000;
/** Another number gives other inputs; a failure prints the number of its own input, which alone repeats it. */
const FIRST_SEED = Number(process.env['WIRE_FUZZ_SEED'] ?? 1);

const { stackTraceLimit } = Error;

// Most inputs end in an error, and a stack takes longer to write down than the input takes to decode.
beforeAll(() => {
  Error.stackTraceLimit = 0;
});

afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit;
});

/** One input: nine of ten are batches. */
function runInput(seed: number): Ending {
  const dice = diceOf(seed);
  if (dice(10) === 0) {
    const sample = METADATA[dice(METADATA.length)] ?? new Uint8Array();
    const other = METADATA[dice(METADATA.length)] ?? new Uint8Array();
    return judgeMetadata(mutate(sample, other, dice));
  }
  const sample = BATCHES[dice(BATCHES.length)];
  const other = BATCHES[dice(BATCHES.length)];
  return judgeBatch(
    sample?.columns ?? [],
    mutate(sample?.bytes ?? Buffer.alloc(0), other?.bytes ?? Buffer.alloc(0), dice),
  );
}

test('bytes that were tampered with end in a well-formed result or in an error of ours', {
  timeout: 300_000,
}, () => {
  const endings = new Map<Ending, number>();
  for (let seed = FIRST_SEED; seed < FIRST_SEED + INPUTS; seed += 1) {
    try {
      const ending = runInput(seed);
      endings.set(ending, (endings.get(ending) ?? 0) + 1);
    } catch (error) {
      throw new Error(`input ${seed} (WIRE_FUZZ_SEED=${seed}) ends in neither`, { cause: error });
    }
  }
  const counts = [...endings].map(([ending, count]) => `${count} ${ending}`).join(', ');
  process.stdout.write(`wire fuzz: ${INPUTS} inputs from seed ${FIRST_SEED}: ${counts}\n`);
  expect([...endings.keys()]).toEqual(
    expect.arrayContaining([
      'decoded',
      'MALFORMED',
      'UNSUPPORTED_VECTOR_TYPE',
      'VALUE_OUT_OF_RANGE',
      'MESSAGE_TOO_LARGE',
    ]),
  );
});
