import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { done, type SagaSpec } from '../../../src/index.js';
import { NAMES } from './engine.js';

/** An order saga whose services are lines in a file, so that they outlive a process. */
export function orderIn(path: string, onApply: () => void = () => {}): SagaSpec<null> {
  return {
    name: 'order',
    steps: NAMES.map((name) => ({
      name,
      async apply({ token }) {
        onApply();
        appendFileSync(path, `apply ${name} ${token}\n`);
        return done();
      },
      async undo({ token }) {
        appendFileSync(path, `undo ${name} ${token}\n`);
        return done();
      },
    })),
  };
}

/** By token, the services that hold the order. */
export function ordersIn(path: string): Map<string, Set<string>> {
  const orders = new Map<string, Set<string>>();
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
  for (const line of lines) {
    const [verb, name = '', token = ''] = line.split(' ');
    const services = orders.get(token) ?? new Set();
    orders.set(token, services);
    if (verb === 'apply') services.add(name);
    else services.delete(name);
  }
  return orders;
}
