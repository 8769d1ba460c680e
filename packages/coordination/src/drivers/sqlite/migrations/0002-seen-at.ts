/**
 * How far the boot had come when somebody last wrote: monotonic ms, up to a second behind; kept only where the system
 * does not name its boots.
 */
export const SEEN_AT = `
ALTER TABLE host ADD COLUMN seen_at REAL;
`;
