import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify } from '../../src/nodes/classify.js';

const OPTIONS = { groupId: '5', ownErrorsAreFinal: true, proxyMayResend: false, nowMs: 0 };
const ALL = { 'holdfast-extensions': 'timestamp, tombstone, fence, list' };
const verb = fc.constantFrom('POST' as const, 'DELETE' as const, 'GET' as const);
const status = fc.oneof(
  fc.constantFrom(200, 201, 400, 401, 403, 404, 405, 406, 408, 410, 412, 413, 415, 422, 429, 500, 502, 503),
  fc.integer({ min: 200, max: 599 }),
);
const headers = fc.constantFrom({}, ALL, { via: '1.1 proxy' }, { 'retry-after': 'soon' }, { timestamp: '7' });
const messages = fc.oneof(
  fc.constantFrom('Perhaps the object exists.', "No group record found with id '5'", 'Stale fence.'),
  fc.string(),
);

/** Bodies that no node sends under the given status. */
const foreignBody = (httpStatus: number): fc.Arbitrary<string> =>
  fc
    .oneof(
      fc.string(),
      fc.string().map((text) => `<!doctype html><title>${text}</title>`),
      fc.json(),
      fc.record({ message: messages, status: fc.integer().filter((s) => s !== httpStatus) }).map(text),
      fc.record({ message: messages, status: fc.constant(httpStatus), error: fc.string() }).map(text),
      fc.record({ message: fc.integer(), status: fc.constant(httpStatus) }).map(text),
      fc.record({ message: messages, status: fc.constant(String(httpStatus)) }).map(text),
      fc.record({ groupId: fc.string().filter((id) => id !== '5') }).map(text),
      messages.map((message) => text({ message, status: httpStatus }).slice(0, -1)),
    )
    .filter((body) => !['CREATED', 'OK'].includes(body.trim()));

function text(value: unknown): string {
  return JSON.stringify(value);
}

describe('classify', () => {
  it("never takes what is not the node's for definite or finished (scenario 28)", () => {
    const given = status.chain((s) => fc.tuple(verb, fc.constant(s), headers, foreignBody(s)));
    fc.assert(
      fc.property(given, ([v, s, h, body]) => {
        const answer = classify(v, { kind: 'reply', status: s, headers: h, body, sentAt: 0 }, OPTIONS);
        expect(answer).toMatchObject({ class: 'unknown', status: s, alive: true });
      }),
      { numRuns: 3_000 },
    );
  });

  it('never takes an error for finished that may be a gateway’s', () => {
    const given = fc.tuple(
      verb,
      fc.oneof(
        fc.tuple(fc.constantFrom(425, 429, 502, 503, 504), fc.constant<Record<string, string>>({})),
        fc.tuple(fc.integer({ min: 500, max: 599 }), fc.constant<Record<string, string>>({ via: '1.1 x' })),
      ),
      messages,
    );
    fc.assert(
      fc.property(given, ([v, [s, h], message]) => {
        const body = text({ message, status: s });
        const answer = classify(v, { kind: 'reply', status: s, headers: h, body, sentAt: 0 }, OPTIONS);
        expect(answer).toMatchObject({ class: 'unknown', alive: true });
      }),
      { numRuns: 500 },
    );
  });
});
