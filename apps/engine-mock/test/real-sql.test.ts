import { decodeBatch, decodeMetadata, type Row } from '@holdfast/strategy-client/wire';
import { expect, test } from 'vitest';
import type { TestClient } from './support/client.js';
import { startBench } from './support/engine.js';

/** All rows of a query, which is cleared then. */
async function rowsOf(client: TestClient, text: string): Promise<Row[]> {
  const { queryId } = await client.call('prepareStatement', {
    sessionId: client.sessionId,
    schema: '',
    queryString: text,
    quoting: '',
  });
  await client.execute(queryId);
  const { resultMetaData } = await client.call('getResultMetadata', client.of(queryId));
  const { columns } = decodeMetadata(resultMetaData);
  const rows: Row[] = [];
  for (;;) {
    const { resultBatch } = await client.call('getNextResultBatch', client.of(queryId));
    if (resultBatch.length === 0) break;
    rows.push(...decodeBatch(columns, resultBatch));
  }
  await client.clear(queryId);
  return rows;
}

test('SQL in SQLite: both colours share the data, a switch loses nothing', async () => {
  const { engine, blue, green } = await startBench({ sql: undefined, batchRows: 2 });
  await blue.authenticate();
  const before = await rowsOf(blue, 'SELECT group_id FROM desired_groups');
  expect(before.length).toBeGreaterThan(2);
  await rowsOf(blue, "INSERT INTO desired_groups VALUES ('new')");
  engine.switch({ announceMs: 0, drainMs: 0 });
  await green.authenticate();
  const after = await rowsOf(green, 'SELECT group_id FROM desired_groups');
  expect(after).toEqual(expect.arrayContaining([...before, ['new']]));
  expect(after).toHaveLength(before.length + 1);
  expect(engine.state().executions).toEqual({
    'SELECT group_id FROM desired_groups': 2,
    "INSERT INTO desired_groups VALUES ('new')": 1,
  });
});
