import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { DriverDefinition } from '../../src/driver/index.js';
import { memoryDriver } from '../../src/drivers/memory/index.js';
import { faulty } from '../../src/testing/faulty.js';
import { collect } from './collect.js';
import { MUTANTS, type Mutant } from './mutants.js';

const OPEN = async () => ({ url: 'memory:', close: async () => {} });

function mutated({ change, open }: Mutant): DriverDefinition {
  const definition = change ? faulty(memoryDriver, change) : memoryDriver;
  return open ? { ...definition, open: (context) => definition.open(open(context)) } : definition;
}

test.each(MUTANTS)('a driver that $wrong is noticed', async (mutant) => {
  const { tests, close } = collect({ name: 'mutant', driver: mutated(mutant), open: OPEN });
  const sound = collect({ name: 'sound', driver: memoryDriver, open: OPEN });
  await expect(sound.tests.get(mutant.noticedBy)?.()).resolves.toBeUndefined();
  await expect(tests.get(mutant.noticedBy)?.()).rejects.toThrow();
  await close();
  await sound.close();
});

test('the suite names what it has not shown', async () => {
  const lines: string[] = [];
  const { tests, close } = collect({
    name: 'partial',
    driver: faulty(memoryDriver, (driver) => ({
      createGroup: (group) => driver.createGroup(group).then(() => 'created'),
    })),
    open: OPEN,
    report: (line) => lines.push(line),
  });
  for (const [title, run] of tests) {
    if (/^A[4567] /.test(title)) await run().catch(() => {});
    if (title.startsWith('shows every'))
      await expect(run()).rejects.toThrow(/2 passed, failed: 5 7, not run: 1 2 3 8/);
  }
  expect(lines).toEqual([
    expect.stringMatching(/^conformance partial: A 1-84: 2 passed, failed: 5 7, not run: /),
  ]);
  await close();
});

test('the suite runs under node:test too', async () => {
  const script = fileURLToPath(new URL('./with-node-test.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--test-reporter=tap', '--test-name-pattern=createGroup|A49', script],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  expect(output).toContain('# fail 0');
  expect(output).toContain('ok 1 - createGroup creates once');
  expect(output).toMatch(/ok \d+ - A49 a sole candidate is elected in the first run/);
  expect(code).toBe(0);
});
