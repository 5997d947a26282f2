/** A size as one says it: `350 kB`, `1.2 MB`, `2 GB`. */
export function sizeInWords(bytes: number, locale?: string): string {
  const [unit, size] = UNITS.find(([, min]) => bytes >= min) ?? (["kilobyte", 1_000] as const);
  const words = new Intl.NumberFormat(locale, {
    style: "unit",
    unit,
    maximumFractionDigits: unit === "kilobyte" ? 0 : 1,
  });
  return words.format(bytes / size);
}

const UNITS = [
  ["gigabyte", 1_000_000_000],
  ["megabyte", 1_000_000],
] as const;
