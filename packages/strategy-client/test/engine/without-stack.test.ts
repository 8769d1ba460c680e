import { afterEach, expect, test } from 'vitest';
import { withoutStack } from '../../src/engine/without-stack.js';

const LIMIT = Error.stackTraceLimit;
const frames = ({ stack = '' }: Error): number => stack.split('\n').length - 1;

afterEach(() => {
  Object.defineProperty(Error, 'stackTraceLimit', { value: LIMIT, writable: true, configurable: true });
});

test('errors within have no frames, and those after it have', () => {
  expect(frames(withoutStack(() => new Error('within')))).toBe(0);
  expect(Error.stackTraceLimit).toBe(LIMIT);
  expect(frames(new Error('after'))).toBeGreaterThan(0);
});

test('what is thrown comes through, and stacks are taken again', () => {
  const refused = new Error('refused');
  expect(() =>
    withoutStack(() => {
      throw refused;
    }),
  ).toThrow(refused);
  expect(Error.stackTraceLimit).toBe(LIMIT);
});

test('where the limit cannot be set, stacks are taken as ever', () => {
  Object.defineProperty(Error, 'stackTraceLimit', { writable: false });
  expect(frames(withoutStack(() => new Error('within')))).toBeGreaterThan(0);
});
