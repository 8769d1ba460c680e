const OFFSET = /^([+-])(\d\d):(\d\d)(?::(\d\d))?$/;

/** Seconds east of UTC of `Z`, `+HH:MM` or `-HH:MM` (with `:SS` if need be), or `undefined` for another text. */
export function parseOffset(text: string): number | undefined {
  if (text === 'Z') return 0;
  const match = OFFSET.exec(text);
  if (match === null) return undefined;
  const [, sign, hours, minutes, seconds = 0] = match;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const magnitude = Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
  return sign === '-' && magnitude > 0 ? -magnitude : magnitude;
}
