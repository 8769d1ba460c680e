import type { Mutant } from './mutant.js';

const LEASE = 'locks/lease';
const ACQUIRING = 'locks/acquiring';
const RENEWING = 'locks/renewing';
const HOLDING = 'locks/holding';

/** Rules of how long a lease is good for, who hears of its end, and what an acquisition leaves behind. */
export const LEASE_MUTANTS: readonly Mutant[] = [
  {
    name: 'fromSend',
    of: '5.10',
    what: 'validity counts from the answer to the acquisition',
    changes: [
      {
        file: 'locks/acquisition.ts',
        from: 'granted(this.#waiter.ref, { fence: reply.fence, sent });',
        to: 'granted(this.#waiter.ref, { fence: reply.fence, sent: this.#context.leases.instant() });',
      },
    ],
    tests: [ACQUIRING],
  },
  {
    name: 'fromSendOfRenewal',
    of: '5.10',
    what: 'validity counts from the answer to the renewal',
    changes: [
      {
        file: 'liveness/beat.ts',
        from: 'lease.renewed(sent);',
        to: 'lease.renewed(this.#context.leases.instant());',
      },
    ],
    tests: [RENEWING],
  },
  {
    name: 'margin',
    of: '5.10',
    what: 'no margin',
    changes: [{ file: 'locks/lease.ts', from: 'Math.max(50, ttlMs * 0.02)', to: 'ttlMs * 0' }],
    tests: [LEASE],
  },
  {
    name: 'bornDead',
    of: 'D 6',
    what: 'a lease that had ended before the answer came is returned',
    changes: [{ file: 'locks/acquisition.ts', from: 'if (lease.isHeld) return lease;', to: 'return lease;' }],
    tests: [ACQUIRING],
  },
  {
    name: 'computedWhenRead',
    of: 'B2, B13',
    what: 'a signal has aborted only when its event has fired',
    changes: [
      {
        file: 'locks/computed-signal.ts',
        from: 'get: () => fired() || over() !== null',
        to: 'get: () => fired()',
      },
    ],
    tests: [RENEWING],
  },
  {
    name: 'monotonic',
    of: 'B12',
    what: 'leases are measured by the wall clock',
    changes: [
      {
        file: 'locks/suspension.ts',
        from: 'const at = this.#clock.monotonic();',
        to: 'const at = this.#clock.now();',
      },
      {
        file: 'locks/lease.ts',
        from: 'this.#deadline - clock.monotonic()',
        to: 'this.#deadline - clock.now()',
      },
      {
        file: 'locks/lease.ts',
        from: 'this.#terms.clock.monotonic() < this.#deadline',
        to: 'this.#terms.clock.now() < this.#deadline',
      },
    ],
    tests: [RENEWING],
  },
  {
    name: 'storeMonotonic',
    of: 'B12',
    what: 'the store measures leases by the wall clock',
    changes: [
      {
        file: 'drivers/memory/memory-store.ts',
        from: 'now: clock.monotonic()',
        to: 'now: clock.now()',
      },
    ],
    tests: [RENEWING],
  },
  {
    name: 'suspensionSeen',
    of: 'E Clock',
    what: 'nobody notices that the host was suspended',
    changes: [
      {
        file: 'locks/lease.ts',
        from: 'this.isHeld && this.#terms.suspension.since(this.#confirmed) <= this.#terms.marginMs',
        to: 'this.isHeld',
      },
    ],
    tests: [RENEWING],
  },
  {
    name: 'suspensionFromSend',
    of: 'E Clock',
    what: 'the answer to a renewal that was sent before the suspension counts',
    changes: [
      {
        file: 'locks/lease.ts',
        from: '    this.#confirmed = sent;\n  }',
        to: '    this.#confirmed = this.#terms.suspension.instant();\n    this.#terms.suspension.since(this.#confirmed);\n    this.#confirmed = this.#terms.suspension.instant();\n  }',
      },
    ],
    tests: [RENEWING],
  },
  {
    name: 'lossIsFinal',
    of: 'B8',
    what: 'a renewal that is answered after the deadline revives the lease',
    changes: [
      {
        file: 'locks/lease.ts',
        from: 'if (!this.isHeld || sent.at < this.#confirmed.at) return;',
        to: 'if (sent.at < this.#confirmed.at) return;',
      },
      { file: 'liveness/beat.ts', from: 'if (!lease.isHeld) return false;', to: '' },
    ],
    tests: [RENEWING],
  },
  {
    name: 'notRenewedDead',
    of: 'B13',
    what: 'a lease that is over goes on being renewed',
    changes: [
      {
        file: 'locks/leases.ts',
        from: 'if (!lease.isHeld) this.#held.delete(lease.token);',
        to: 'void lease;',
      },
    ],
    tests: [RENEWING],
  },
  {
    name: 'lossStays',
    of: 'B2',
    what: 'a release takes back the loss that was seen',
    changes: [
      { file: 'locks/lease.ts', from: 'if (over) this.#end(over);\n    else if', to: 'void over;\n    if' },
    ],
    tests: [LEASE],
  },
  {
    name: 'releaseIsNoLoss',
    of: 'B9',
    what: 'a renewal that finds a released lease gone reports a loss',
    changes: [
      {
        file: 'locks/lease.ts',
        from: "else if (this.#state === 'held') this.#state = 'released';",
        to: '',
      },
    ],
    tests: [RENEWING],
  },
  {
    name: 'noRenewalAfter',
    of: 'B9',
    what: 'a released lease goes on being renewed',
    changes: [
      {
        file: 'locks/lock.ts',
        from: '    leases.drop(lease);\n    lease.released();\n    if (session.ended',
        to: '    if (session.ended',
      },
    ],
    tests: [RENEWING],
  },
  {
    name: 'errorIsNoLoss',
    of: 'B10',
    what: 'the heart ends with its first error',
    changes: [
      {
        file: 'liveness/heart.ts',
        from: 'if (this.#running) this.#rest();',
        to: 'if (this.#running && answered) this.#rest();',
      },
    ],
    tests: [RENEWING, 'liveness/heart'],
  },
  {
    name: 'hangIsNotAwaited',
    of: 'B11',
    what: 'a beat that hangs is waited for',
    changes: [
      {
        file: 'liveness/heart.ts',
        from: 'const done = this.#atMost(intervalMs, sent)',
        to: 'const done = this.#atMost(intervalMs * 1e6, sent)',
      },
    ],
    tests: ['liveness/heart'],
  },
  {
    name: 'oneHeart',
    of: 'D 5',
    what: 'a heart that is started before it has stopped beats twice',
    changes: [{ file: 'liveness/heart.ts', from: 'if (this.#inFlight !== done) return;', to: '' }],
    tests: ['liveness/heart'],
  },
  {
    name: 'deadHeart',
    of: 'A37',
    what: 'a heart that could not start counts as alive',
    changes: [
      {
        file: 'liveness/heart.ts',
        from: '    const first = this.#o.beat();\n    this.#running = true;',
        to: '    this.#running = true;\n    const first = this.#o.beat();',
      },
    ],
    tests: ['liveness/heart'],
  },
  {
    name: 'silenceIsNoRenewal',
    of: 'B8',
    what: 'an answer that does not speak of a lease renews it',
    changes: [{ file: 'liveness/beat.ts', from: 'if (result === undefined) return false;', to: '' }],
    tests: [RENEWING],
  },
  {
    name: 'giveUpReleases',
    of: 'B16',
    what: 'an aborted acquisition leaves its key, or its place',
    changes: [
      {
        file: 'locks/acquisition.ts',
        from: 'if (!lease && this.#left) await abandoned.giveUp(this.#waiter.ref);',
        to: '',
      },
    ],
    tests: [ACQUIRING],
  },
  {
    name: 'abortedGrant',
    of: 'B16',
    what: 'a lease whose acquisition was aborted as the answer came is kept',
    changes: [
      {
        file: 'locks/acquisition.ts',
        from: 'if (granted && !this.#isWanted) leases.drop(granted);\n      else lease = granted;',
        to: 'lease = granted;',
      },
    ],
    tests: [ACQUIRING],
  },
  {
    name: 'lateGrant',
    of: 'B16',
    what: 'a grant that comes after its acquisition was given up is kept',
    changes: [
      {
        file: 'locks/acquisition.ts',
        from: 'if (reply === null) void call.then(() => abandoned.giveUp(this.#waiter.ref)).catch(() => {});',
        to: '',
      },
    ],
    tests: [ACQUIRING],
  },
  {
    name: 'abandonedAgain',
    of: 'B16',
    what: 'an abandoned acquisition is released once, heard or not',
    changes: [{ file: 'liveness/beat.ts', from: 'abandoned.retry();', to: '' }],
    tests: [ACQUIRING],
  },
  {
    name: 'stopAwaitsTries',
    of: 'B16',
    what: 'stop does not wait for an attempt that is under way',
    changes: [
      {
        file: 'locks/acquisition.ts',
        from: 'waiters.add(this.#waiter);',
        to: 'if (this.#request.wait) waiters.add(this.#waiter);',
      },
    ],
    tests: [ACQUIRING],
  },
  {
    name: 'holdReleasesOnce',
    of: 'A66, A69',
    what: 'a hold that is released in its scope gives up the share of another at its end',
    changes: [{ file: 'locks/lock-hold.ts', from: 'if (this.#isOver) return false;', to: '' }],
    tests: [HOLDING],
  },
  {
    name: 'notReentrant',
    of: 'E hold()',
    what: 'an exclusive lock is taken again by whoever holds it',
    changes: [
      {
        file: 'locks/lock.ts',
        from: "return o.shared ? this.#takeShared(o) : this.#acquireAs('exclusive', o);",
        to: "const own = this.#held.at(-1);\n    if (own?.lease.isVerified) {\n      own.count++;\n      return Promise.resolve(own);\n    }\n    return o.shared ? this.#takeShared(o) : this.#acquireAs('exclusive', o);",
      },
    ],
    tests: [HOLDING],
  },
  {
    name: 'bodysError',
    of: 'B31',
    what: 'a release that fails hides the error of the body',
    changes: [{ file: 'locks/lock.ts', from: 'if (!o.quiet) throw error;', to: 'throw error;' }],
    tests: [HOLDING],
  },
  {
    name: 'stopTellsHolders',
    of: 'E stop()',
    what: 'stop takes a lock from its holder without a word',
    changes: [
      {
        file: 'parts.ts',
        from: "lease.lost('its coordinator was stopped');",
        to: 'lease.released();',
      },
    ],
    tests: [HOLDING],
  },
];
