const CHARACTERS = new Intl.Segmenter();

/** Up to two characters that stand for a name: of its first and its last word. Never half a character. */
export function initials(name: string): string {
  const words = name.split(/\s+/u).filter((word) => word !== "");
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  const letters = ends.map((word) => [...CHARACTERS.segment(word ?? "")][0]?.segment ?? "");
  return letters.join("").toLocaleUpperCase() || "?";
}
