export { decodeBatch } from './batch/decode-batch.js';
export type { DecodeOptions } from './batch/decode-options.js';
export { encodeBatch } from './batch/encode-batch.js';
export type { EncodeOptions, VectorOptions } from './batch/encode-options.js';
export {
  MAX_CELLS_PER_BATCH,
  MAX_COLUMNS,
  MAX_DECIMAL_CHARACTERS,
  MAX_ENCODED_BYTES,
  MAX_NESTING,
  MAX_ROWS_PER_BATCH,
  MAX_SCALE,
} from './limits.js';
export { decodeMetadata } from './metadata/decode-metadata.js';
export { encodeMetadata } from './metadata/encode-metadata.js';
export type { Column, Int64Mode, ResultMetadata, Row, Value } from './types.js';
export { VECTOR_TYPES, type VectorType, vectorTypeOf } from './vector-type.js';
