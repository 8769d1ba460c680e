/** Bytes that one stream may have on its way: more than a batch, so that none waits for the window. */
export const STREAM_WINDOW: number = 4 * 1024 * 1024;
/** Bytes that all streams of a connection may have on their way. */
export const CONNECTION_WINDOW: number = 64 * 1024 * 1024;
/** Megabytes that Node lets one connection hold; its default of 10 refuses streams as soon as batches are large. */
export const MAX_SESSION_MEMORY_MB = 4_096;
