import { expect, test } from 'vitest';
import { exportDuringSwitches } from '../examples/blue-green-service.js';
import { placeOrders } from '../examples/order-saga.js';

test('the order saga takes all three services or none, although each fails two requests in five', async () => {
  const lines: string[] = [];
  const held = await placeOrders((line) => lines.push(line));
  expect(lines).toContain('A-1 lamp: committed');
  expect(lines).toContain('A-2 piano: rejected (refused)');
  expect(held).toEqual({ stock: 1, payment: 1, courier: 1 });
});

test('the export service is switched 20 times under load, and nothing fails or happens twice', async () => {
  const outcome = await exportDuringSwitches(20, 16);
  expect(outcome).toMatchObject({ failed: 0, doubled: 0, switches: 20, logins: 21 });
  expect(outcome.pages).toBe(outcome.jobs * 10);
});
