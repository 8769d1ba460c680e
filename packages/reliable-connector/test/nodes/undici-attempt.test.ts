import { describe, expect, it } from 'vitest';
import type { NodeReply } from '../../src/nodes/transport.js';
import { type AttemptLane, UndiciAttempt } from '../../src/nodes/undici-attempt.js';
import { ManualClock } from './manual-clock.js';

const controller = {
  aborted: false,
  paused: false,
  reason: null,
  abort: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
};

describe('UndiciAttempt', () => {
  it('is never put on a socket twice, should undici come to repeat it by itself (scenario 29)', async () => {
    const lane: AttemptLane = {
      clock: new ManualClock(),
      replyBytes: 1_024,
      forget: () => undefined,
      release: () => undefined,
    };
    const request = { method: 'POST', path: '/group', headers: {} } as const;
    const settled = new Promise<NodeReply>((resolve) => {
      const attempt = new UndiciAttempt(lane, request, { timeoutMs: 100, queueMs: 100 }, resolve);
      attempt.onRequestStart(controller);
      expect(() => attempt.onRequestStart(controller)).toThrow('not to be sent');
      attempt.onResponseError(controller, Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
    });
    // Silent in spite of the code: the first time it was sent.
    expect(await settled).toMatchObject({ kind: 'silent', sentAt: 1_000 });
  });
});
