/** Seeded randomness for tests: the same seed, the same test. */
export interface Random {
  /** From 0 inclusive to 1 exclusive. */
  next(): number;
  /** From `min` to `max`, both inclusive. */
  integer(min: number, max: number): number;
  pick<T>(items: readonly T[]): T;
  bytes(length: number): Uint8Array<ArrayBuffer>;
}

/** `SEED` in the environment repeats a run. */
export function seed(): number {
  return Number(process.env.SEED ?? Date.now() % 1_000_000);
}

/** mulberry32: 32 bits of state are plenty to shuffle a test. */
export function random(from: number): Random {
  let state = from >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    integer,
    pick<T>(items: readonly T[]): T {
      const item = items[integer(0, items.length - 1)];
      if (item === undefined) throw new Error("nothing to pick from");
      return item;
    },
    bytes: (length) => Uint8Array.from({ length }, () => integer(0, 255)),
  };
}
