/** As much of a Durable Object's storage as a room uses, with a note of every write in its order. */
export class NotedStorage {
  readonly entries = new Map<string, unknown>();
  readonly writes: string[] = [];
  /** Every write fails. */
  broken = false;

  get(key: string): Promise<unknown> {
    return Promise.resolve(this.entries.get(key));
  }
  list({ prefix = "" }: { prefix?: string } = {}): Promise<Map<string, unknown>> {
    return Promise.resolve(new Map([...this.entries].filter(([key]) => key.startsWith(prefix))));
  }
  put(key: string | Record<string, unknown>, value?: unknown): Promise<void> {
    if (this.broken) return Promise.reject(new Error("the disk is broken"));
    const written = typeof key === "string" ? { [key]: value } : key;
    for (const [name, entry] of Object.entries(written)) {
      this.entries.set(name, entry);
      this.writes.push(name);
    }
    return Promise.resolve();
  }
  sync = () => Promise.resolve();
  delete(keys: string[]): Promise<number> {
    return Promise.resolve(keys.filter((key) => this.entries.delete(key)).length);
  }
  setAlarm = () => Promise.resolve();
  deleteAlarm = () => Promise.resolve();
}
