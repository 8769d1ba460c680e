import { describe, expect, test } from 'vitest';
import { MalformedBytes } from '../../src/errors.js';
import {
  ExecuteStatementV2Request,
  GetNextResultBatchResponse,
  PrepareStatementRequest,
  StatusResponse,
} from '../../src/protocol/index.js';

const prepare = (queryString: string): PrepareStatementRequest => ({
  sessionId: 's',
  schema: '',
  queryString,
  quoting: '',
});

describe('the codec', () => {
  test.each([0, 1, 47, 48, 49, 127, 128, 16_383, 16_384, 100_000])('texts of %d characters', (length) => {
    for (const letter of ['a', 'é', '\u{1F600}']) {
      const message = prepare(letter.repeat(length));
      expect(PrepareStatementRequest.decode(PrepareStatementRequest.encode(message).finish())).toEqual(
        message,
      );
    }
  });

  test('a message keeps its bytes when the next one is written', () => {
    const first = PrepareStatementRequest.encode(prepare('first')).finish();
    const kept = Buffer.from(first).toString('hex');
    PrepareStatementRequest.encode(prepare('other')).finish();
    expect(Buffer.from(first).toString('hex')).toBe(kept);
  });

  test('messages within a message that outgrow the shared buffer', () => {
    const params = Array.from({ length: 400 }, (_, index) => ({
      index,
      type: 'STRING',
      value: 'x'.repeat(index),
    }));
    const message = { engineIP: '', sessionId: 's', queryId: 'q', shouldNotCache: false, params };
    expect(ExecuteStatementV2Request.decode(ExecuteStatementV2Request.encode(message).finish())).toEqual(
      message,
    );
  });

  test('a batch is a view of the message', () => {
    const bytes = GetNextResultBatchResponse.encode({
      resultBatch: Buffer.alloc(64, 7),
      sessionId: 's',
    }).finish();
    const { resultBatch } = GetNextResultBatchResponse.decode(bytes);
    expect(resultBatch.buffer).toBe(bytes.buffer);
  });

  test('fields of later versions are passed over', () => {
    const known = Buffer.from('1802', 'hex');
    const varint = Buffer.from('f80796ffffffff01', 'hex');
    const fixed64 = Buffer.from('f9070102030405060708', 'hex');
    const text = Buffer.from('fa0703616263', 'hex');
    const fixed32 = Buffer.from('fd0701020304', 'hex');
    const message = StatusResponse.decode(Buffer.concat([varint, fixed64, known, text, fixed32]));
    expect(message).toEqual({ status: false, rowCount: 1n, sessionId: '' });
  });

  test.each([
    ['a length beyond the end', '1205ab'],
    ['a length of 4 GiB', '12ffffffff0f'],
    ['a number cut off', '1880'],
    ['a number of eleven bytes', '18ffffffffffffffffffff01'],
    ['a cut field of 8 bytes', 'f907010203'],
    ['a reserved wire type', 'ff07'],
  ])('%s is malformed', (_, hex) => {
    for (const codec of [StatusResponse, GetNextResultBatchResponse]) {
      expect(() => codec.decode(Buffer.from(hex, 'hex'))).toThrow(MalformedBytes);
    }
  });
});
