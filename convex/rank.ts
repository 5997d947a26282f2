/**
 * Ranks: strings that order neighbours, so that putting one between two others changes no other row. A rank is a
 * fraction between 0 and 1 in base 62, without the leading "0." and never with a zero at the end, so that there is
 * always room before it.
 */
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const MIDDLE = DIGITS.length >> 1;

/** A rank after `before` and ahead of `after`; `null` stands for the ends. Throws if there is none between them. */
export function rankBetween(before: string | null, after: string | null): string {
  if (before !== null && after !== null && before >= after) throw new Error("these ranks are not in order");
  let rank = "";
  /** So far `rank` and `after` begin alike: the next digit may not be higher than that of `after`. */
  let bounded = after !== null;
  for (let i = 0; ; i++) {
    const low = digitAt(before, i) ?? 0;
    const high = bounded ? (digitAt(after, i) ?? 0) : DIGITS.length;
    if (high - low > 1) return rank + digit(digitAfter(before, i, low, high));
    rank += digit(low);
    bounded &&= low === high;
    if (!bounded) return rank + tailAfter(before, i + 1);
  }
}

/** At the ends new ranks grow slowly: one step from the neighbour instead of half the way. */
function digitAfter(before: string | null, i: number, low: number, high: number): number {
  if (before === null && high < DIGITS.length) return high - 1;
  if (high === DIGITS.length && before !== null && i < before.length) return low + 1;
  return low + ((high - low) >> 1);
}

/** The shortest tail that makes the rank higher than `before`, whose digits up to `from` it has. */
function tailAfter(before: string | null, from: number): string {
  let tail = "";
  for (let i = from; ; i++) {
    const low = digitAt(before, i);
    if (low === null) return tail + digit(MIDDLE);
    if (low < DIGITS.length - 1) return tail + digit(low + 1);
    tail += digit(low);
  }
}

function digitAt(rank: string | null, i: number): number | null {
  const character = rank?.[i];
  return character === undefined ? null : DIGITS.indexOf(character);
}

function digit(value: number): string {
  const character = DIGITS[value];
  if (character === undefined) throw new Error("no such digit");
  return character;
}
