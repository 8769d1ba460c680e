import { describe, expect, it } from 'vitest';
import { computedSignal } from '../../src/locks/computed-signal.js';

describe('a computed signal (B2)', () => {
  it('has aborted as soon as its condition holds, before any event', () => {
    const why = new Error('over');
    let over: Error | null = null;
    const { signal } = computedSignal(() => over);
    let events = 0;
    signal.addEventListener('abort', () => events++);
    expect([signal.aborted, signal.reason]).toEqual([false, undefined]);
    expect(() => signal.throwIfAborted()).not.toThrow();
    over = why;
    expect(signal.aborted).toBe(true);
    expect(signal.reason).toBe(why);
    expect(() => signal.throwIfAborted()).toThrow(why);
    expect(events).toBe(0);
  });

  it('tells listeners and derived signals once, with the reason', () => {
    const why = new Error('over');
    const { signal, abort } = computedSignal(() => null);
    const derived = AbortSignal.any([signal, new AbortController().signal]);
    const heard: unknown[] = [];
    signal.addEventListener('abort', () => heard.push(signal.reason));
    derived.addEventListener('abort', () => heard.push(derived.reason));
    abort(why);
    abort(new Error('again'));
    expect(heard).toEqual([why, why]);
    expect([signal.aborted, derived.aborted, signal.reason]).toEqual([true, true, why]);
    expect(() => signal.throwIfAborted()).toThrow(why);
  });

  it('goes on having aborted when the condition no longer holds', () => {
    let over: Error | null = new Error('over');
    const { signal, abort } = computedSignal(() => over);
    abort(over);
    over = null;
    expect(signal.aborted).toBe(true);
    expect(signal.reason).toEqual(new Error('over'));
  });

  it('is an AbortSignal to what takes one', async () => {
    const { signal, abort } = computedSignal(() => null);
    expect(signal).toBeInstanceOf(AbortSignal);
    const waiting = new Promise((_, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
    );
    abort(new Error('stop'));
    await expect(waiting).rejects.toThrow('stop');
    expect(AbortSignal.any([signal]).aborted).toBe(true);
  });
});
