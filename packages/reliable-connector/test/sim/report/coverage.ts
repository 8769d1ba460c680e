/** How often each path was taken, by table and row. */
export class Coverage {
  readonly #counts = new Map<string, number>();

  count(table: string, row: string, times = 1): void {
    const key = `${table}: ${row}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + times);
  }

  get(table: string, row: string): number {
    return this.#counts.get(`${table}: ${row}`) ?? 0;
  }

  add(other: Readonly<Record<string, number>>): void {
    for (const [key, count] of Object.entries(other))
      this.#counts.set(key, (this.#counts.get(key) ?? 0) + count);
  }

  toJSON(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }
}
