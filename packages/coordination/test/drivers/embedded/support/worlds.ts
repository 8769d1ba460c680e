import { join } from 'node:path';
import { memoryDriver } from '../../../../src/drivers/memory/index.js';
import { sqliteDriver } from '../../../../src/drivers/sqlite/index.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { type Client, type OpenOptions, openClient } from './client.js';
import { testFolder } from './folder.js';

/** One store, its clients, and the time that all of them share. */
export interface World {
  readonly clock: ManualClock;
  client(id: string, o?: Partial<OpenOptions>): Promise<Client>;
}

/** The embedded drivers, each with a way to make a store of its own for a test. */
export const WORLDS: readonly (readonly [name: string, make: () => Promise<World>])[] = [
  ['memory', async () => worldOf(memoryDriver, `memory:${stores++}`)],
  ['sqlite', async () => worldOf(sqliteDriver, `sqlite:${join(await testFolder(), 'coordination.db')}`)],
];

let stores = 0;

function worldOf(definition: typeof memoryDriver, url: string): World {
  const clock = new ManualClock();
  return { clock, client: (id, o = {}) => openClient(id, definition, { url, clock, ...o }) };
}
