import { describe, expect, it } from 'vitest';
import type { Answer, Verb } from '../../src/nodes/answer.js';
import { type ClassifyOptions, classify, isTheNodes } from '../../src/nodes/classify.js';
import type { NodeReply } from '../../src/nodes/transport.js';

type Headers = Readonly<Record<string, string>>;

const OPTIONS: ClassifyOptions = {
  groupId: '5',
  ownErrorsAreFinal: true,
  proxyMayResend: false,
  nowMs: Date.UTC(2026, 0, 1),
};
const ALL = { 'holdfast-extensions': 'timestamp, tombstone, fence, list' };
const ANY_VERB: readonly Verb[] = ['POST', 'DELETE', 'GET'];

function reply(status: number, body: string, headers: Headers = {}): Extract<NodeReply, { kind: 'reply' }> {
  return { kind: 'reply', status, headers, body, sentAt: 1 };
}

const own = (status: number, message: string, headers: Headers = {}) =>
  reply(status, JSON.stringify({ message, status }), headers);

const unknown = (status: number, alive: boolean): Partial<Answer> => ({ class: 'unknown', status, alive });

describe('definite yes (4.2)', () => {
  it.each<[Verb, NodeReply, Answer]>([
    ['POST', reply(201, 'CREATED\n'), { class: 'yes', status: 201 }],
    ['POST', reply(201, 'CREATED'), { class: 'yes', status: 201 }],
    ['DELETE', reply(200, 'OK\n'), { class: 'yes', status: 200 }],
    ['GET', reply(200, '{"groupId":"5"}\n'), { class: 'yes', status: 200 }],
    ['GET', reply(200, '{"groupId":"5"}', { timestamp: '7.25' }), { class: 'yes', status: 200 }],
    ['GET', reply(200, '{"groupId":"5"}', ALL), { class: 'yes', status: 200, timestamp: null }],
    [
      'GET',
      reply(200, '{"groupId":"5"}', { ...ALL, timestamp: '1633806680.426599' }),
      { class: 'yes', status: 200, timestamp: 1633806680.426599 },
    ],
    [
      'GET',
      reply(200, '{"groupId":"5"}', { ...ALL, timestamp: 'inf' }),
      { class: 'yes', status: 200, timestamp: null },
    ],
    ['POST', reply(201, 'CREATED\n', { via: '1.1 proxy' }), { class: 'yes', status: 201 }],
  ])('%s %j', (verb, given, expected) => {
    expect(classify(verb, given, OPTIONS)).toEqual(expected);
  });
});

describe('definite no, burnt, refused and fenced (4.2)', () => {
  it.each<[Verb, NodeReply, Answer]>([
    ['POST', own(400, 'Perhaps the object exists.'), { class: 'no', status: 400 }],
    [
      'DELETE',
      own(404, "No group record found with id '5' and timestamp '7.0'"),
      { class: 'no', status: 404 },
    ],
    ['GET', own(404, "No group record found with id '5'"), { class: 'no', status: 404 }],
    ['POST', own(410, 'Timestamp was deleted.', ALL), { class: 'burnt', status: 410 }],
    ['POST', own(412, 'Stale fence.', ALL), { class: 'fenced', status: 412 }],
    ['DELETE', own(412, 'Stale fence.', ALL), { class: 'fenced', status: 412 }],
    ['POST', own(400, 'not understood'), { class: 'refused', status: 400, message: 'not understood' }],
    ['GET', own(406, 'x'.repeat(600)), { class: 'refused', status: 406, message: 'x'.repeat(500) }],
  ])('%s %j', (verb, given, expected) => {
    expect(classify(verb, given, OPTIONS)).toEqual(expected);
  });

  it.each([400, 401, 403, 405, 406, 413, 415, 422])(
    "refuses by the node's own %i, for every verb",
    (status) => {
      for (const verb of ANY_VERB)
        expect(classify(verb, own(status, 'no'), OPTIONS)).toEqual({
          class: 'refused',
          status,
          message: 'no',
        });
    },
  );

  it.each([400, 401, 403, 404, 405, 406, 410, 412, 413, 415, 422])('a page under %i is unknown', (status) => {
    for (const verb of ANY_VERB)
      expect(classify(verb, reply(status, '<h1>No</h1>', ALL), OPTIONS)).toMatchObject(unknown(status, true));
  });
});

describe('unknown: finished or perhaps alive (4.2)', () => {
  it.each<[string, NodeReply, boolean]>([
    ['own 500', own(500, 'InternalServerError due to Random Behavior'), false],
    ['own 408', own(408, 'Timeout due to Random Behavior'), false],
    ['own 404 of a wrong path', own(404, 'The requested URL was not found'), false],
    ['410 without the extension', own(410, 'Timestamp was deleted.'), false],
    ['412 without the extension', own(412, 'Stale fence.'), false],
    ['own 500 behind a proxy', own(500, 'x', { via: '1.1 proxy' }), true],
    ['own shape of another status', reply(500, '{"message":"x","status":501}'), true],
    ['a third key', reply(500, '{"message":"x","status":500,"path":"/"}'), true],
    ['message that is no text', reply(500, '{"message":null,"status":500}'), true],
    ['status that is text', reply(500, '{"message":"x","status":"500"}'), true],
    ['a list', reply(500, '["x",500]'), true],
    ['own shape of a success', reply(201, '{"message":"x","status":201}'), true],
    ['empty 500', reply(500, ''), true],
    ['redirect', reply(302, '', { location: '/elsewhere' }), true],
    ['201 of something else', reply(201, '{"id":1}'), true],
    ['200 to a POST', reply(200, 'OK\n'), true],
    ['204', reply(204, ''), true],
    ['truncated refusal', reply(400, '{"message": "Perhaps the obj'), true],
  ])('%s', (_name, given, alive) => {
    expect(classify('POST', given, OPTIONS)).toMatchObject({ class: 'unknown', alive });
  });

  it.each([425, 429, 502, 503, 504])('an own-shaped %i may be a gateway: alive', (status) => {
    expect(classify('POST', own(status, 'x'), OPTIONS)).toMatchObject(unknown(status, true));
  });

  it.each<[string, NodeReply]>([
    ['201 to a DELETE', reply(201, 'OK\n')],
    ['DELETE with the page of a portal', reply(200, '<html>log in</html>')],
  ])('DELETE: %s', (_name, given) => {
    expect(classify('DELETE', given, OPTIONS)).toMatchObject({ class: 'unknown', alive: true });
  });

  it.each<[string, NodeReply]>([
    ['another id', reply(200, '{"groupId":"6"}')],
    ['a number for a text', reply(200, '{"groupId":5}')],
    ['a garbled timestamp', reply(200, '{"groupId":"5"}', { ...ALL, timestamp: '7.25, 8' })],
    ['an empty timestamp', reply(200, '{"groupId":"5"}', { ...ALL, timestamp: '' })],
    ['a stale fence, which no GET has', own(412, 'Stale fence.', ALL)],
  ])('GET: %s', (_name, given) => {
    expect(classify('GET', given, OPTIONS)).toMatchObject({ class: 'unknown' });
  });

  it('has no status when nothing came, and is alive', () => {
    const cause = new Error('reset');
    expect(classify('POST', { kind: 'silent', cause, sentAt: 1 }, OPTIONS)).toEqual({
      class: 'unknown',
      status: null,
      alive: true,
      retryAfterMs: null,
      cause,
    });
    expect(classify('POST', { kind: 'not_sent', cause }, OPTIONS)).toEqual({ class: 'not_sent', cause });
  });

  it('takes every unknown one for alive when a proxy may send again or errors are not final', () => {
    const error = own(500, 'x');
    for (const o of [{ proxyMayResend: true }, { ownErrorsAreFinal: false }])
      expect(classify('POST', error, { ...OPTIONS, ...o })).toMatchObject(unknown(500, true));
  });

  it('reads Retry-After and names what was not the node', () => {
    const given = reply(503, '<h1>busy</h1>', { 'retry-after': '3', 'content-type': 'text/html' });
    const answer = classify('POST', given, OPTIONS);
    expect(answer).toMatchObject({ retryAfterMs: 3_000 });
    expect('cause' in answer ? answer.cause?.message : '').toContain('status 503 (text/html)');
  });
});

describe('whose reply it is', () => {
  it.each<[NodeReply & { kind: 'reply' }, boolean]>([
    [reply(201, 'CREATED\n'), true],
    [own(400, 'Perhaps the object exists.'), true],
    [own(500, 'x'), true],
    [own(500, 'x', { via: '1.1 proxy' }), false],
    [own(503, 'x'), false],
    [reply(500, '<html>'), false],
    [reply(302, ''), false],
  ])('%j', (given, expected) => {
    expect(isTheNodes(classify('POST', given, OPTIONS), given)).toBe(expected);
    const cautious = classify('POST', given, { ...OPTIONS, ownErrorsAreFinal: false });
    expect(isTheNodes(cautious, given)).toBe(expected);
  });
});
