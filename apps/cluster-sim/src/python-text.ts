/** What `json.dumps` of Python writes as a `\u` sequence: everything outside printable ASCII. */
const NOT_PRINTABLE_ASCII = /[\u007f-\uffff]/g;

/** A JSON string as Python's `json.dumps` and Flask write it: ASCII only. */
export function pythonJsonString(text: string): string {
  return JSON.stringify(text).replace(
    NOT_PRINTABLE_ASCII,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A list of names as Python's `repr` writes it: `['node01', 'node02']`. Names hold no quote (see options). */
export function pythonList(names: readonly string[]): string {
  return `[${names.map((name) => `'${name}'`).join(', ')}]`;
}
