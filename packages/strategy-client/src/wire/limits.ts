/** Rows that one batch may claim unless `maxRows` says otherwise. A constant vector claims rows without sending them. */
export const MAX_ROWS_PER_BATCH = 1_048_576;
/** Values (rows times columns) that one batch may claim unless `maxCells` says otherwise. */
export const MAX_CELLS_PER_BATCH = 16_777_216;
/** Columns that metadata may claim. */
export const MAX_COLUMNS = 65_536;
/** How deep structs and lists of fields that are skipped may be nested. */
export const MAX_NESTING = 32;
/** Digits after the point of a DECIMAL128. */
export const MAX_SCALE = 38;
/** Characters of a decimal that is sent as text. */
export const MAX_DECIMAL_CHARACTERS = 1_000;
/** Bytes that the encoder writes into one message. */
export const MAX_ENCODED_BYTES = 1_073_741_824;
