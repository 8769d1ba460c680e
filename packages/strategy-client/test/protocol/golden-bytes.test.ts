import { describe, expect, test } from 'vitest';
import {
  AggregateOnDataFrameRequest,
  AuthenticateResponse,
  ClearOrCancelQueryRequest,
  ExecuteStatementV2Request,
  GetColumnsResponse,
  GetNextResultBatchResponse,
  IdentifyPlannerRequest,
  PrepareStatementV2Request,
  StatusResponse,
} from '../../src/protocol/index.js';

interface Codec<T> {
  encode(message: T): { finish(): Uint8Array };
  decode(bytes: Uint8Array): T;
}

/** The bytes are written by hand from the field numbers; both directions must agree with them. */
function golden<T>(codec: Codec<T>, message: T, hex: string): void {
  const bytes = hex.replaceAll(' ', '');
  expect(Buffer.from(codec.encode(message).finish()).toString('hex')).toBe(bytes);
  expect(codec.decode(Buffer.from(bytes, 'hex'))).toEqual(message);
}

describe('bytes written by hand', () => {
  test('an empty optional text is not an absent one', () => {
    golden(AuthenticateResponse, { sessionId: 's' }, '0a 01 73');
    golden(AuthenticateResponse, { sessionId: 's', newStrategy: '' }, '0a 01 73 12 00');
    golden(
      AuthenticateResponse,
      { sessionId: '', newStrategy: 'blue', engineIP: '' },
      '12 04 626c7565 1a 00',
    );
    expect('newStrategy' in AuthenticateResponse.decode(Buffer.from('0a0173', 'hex'))).toBe(false);
  });

  test('an optional bool that is false is sent', () => {
    const ids = { engineIP: '', sessionId: 's', queryId: 'q' };
    golden(ClearOrCancelQueryRequest, { ...ids, isDone: false }, '12 01 73 1a 01 71 20 00');
    golden(ClearOrCancelQueryRequest, ids, '12 01 73 1a 01 71');
  });

  test('prepareStatementV2 has the catalog in field 3 and the text in field 4', () => {
    golden(
      PrepareStatementV2Request,
      {
        sessionId: 'a',
        schema: 'b',
        catalog: 'c',
        queryString: 'd',
        quoting: '',
        existingQuery: { queryId: 'q', elapsedTimeMillis: -1n },
      },
      '0a 01 61 12 01 62 1a 01 63 22 01 64 3a 0e 0a 01 71 10 ffffffffffffffffff01',
    );
  });

  test('parameters are repeated, their index is zigzag', () => {
    golden(
      ExecuteStatementV2Request,
      {
        engineIP: '',
        sessionId: '',
        queryId: 'q',
        shouldNotCache: true,
        params: [
          { index: 1, type: 'INT', value: '7' },
          { index: -3, type: '', value: '' },
        ],
      },
      '1a 01 71 20 01 2a 0a 08 02 12 03 494e54 1a 01 37 2a 02 08 05',
    );
  });

  test('a batch is field 2, there is no field 1', () => {
    golden(
      GetNextResultBatchResponse,
      { resultBatch: Buffer.from('00ff', 'hex'), sessionId: 's', newStrategy: 'green' },
      '12 02 00ff 1a 01 73 22 05 677265656e',
    );
  });

  test.each([
    [1n, '18 02'],
    [-1n, '18 01'],
    [-64n, '18 7f'],
    [2n ** 63n - 1n, '18 feffffffffffffffff01'],
    [-(2n ** 63n), '18 ffffffffffffffffff01'],
  ])('rowCount %d is zigzag in field 3', (rowCount, hex) => {
    golden(StatusResponse, { status: true, rowCount, sessionId: '' }, `10 01 ${hex}`);
  });

  test('messages within messages', () => {
    const fields = [{ fieldName: 'id', fieldType: 'LONG' }];
    golden(GetColumnsResponse, { fieldInfo: fields, sessionId: '' }, '0a 0a 0a 02 6964 12 04 4c4f4e47');
    golden(
      IdentifyPlannerRequest,
      { sessionId: '', firstTimeRequestPayload: { schema: '', catalog: 'c', queryString: '' } },
      '12 03 12 01 63',
    );
    golden(
      AggregateOnDataFrameRequest,
      {
        queryId: '',
        dataframeNumber: -1,
        sessionId: '',
        engineIP: '',
        aggregateFunctionMap: { a: 3 },
        groupBy: ['x'],
      },
      '10 ffffffffffffffffff01 2a 05 0a 01 61 10 03 32 01 78',
    );
  });
});
