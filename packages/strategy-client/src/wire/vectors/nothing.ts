import { StrategyClientError } from '../../errors.js';
import { columnName } from '../column-name.js';
import type { VectorReader, VectorSource } from './vector.js';

function nothing(): null {
  return null;
}

/** NULL: no row has a value, whatever data or marks there are. */
export const nulls: VectorReader = { list: () => nothing, constant: nothing };

/** INT96: the format of its data is not known, so only vectors without data can be read. */
export const int96: VectorReader = {
  list: (source) => {
    refuseData(source);
    return nothing;
  },
  constant: (source) => {
    refuseData(source);
    return null;
  },
};

function refuseData(source: VectorSource): void {
  if (source.vector.members.size === 0) return;
  throw new StrategyClientError(
    'UNSUPPORTED_VECTOR_TYPE',
    `column ${columnName(source.column)} has INT96 values, whose format is not known; cast it to TIMESTAMP or BIGINT in the query`,
  );
}
