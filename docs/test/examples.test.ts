import { expect, test } from 'vitest';
import { placeOrders } from '../examples/order-saga.js';

test('the order saga takes all three services or none, although each fails two requests in five', async () => {
  const lines: string[] = [];
  const held = await placeOrders((line) => lines.push(line));
  expect(lines).toContain('A-1 lamp: committed');
  expect(lines).toContain('A-2 piano: rejected (refused)');
  expect(held).toEqual({ stock: 1, payment: 1, courier: 1 });
});
