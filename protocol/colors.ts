/**
 * A person's colour, derived from the user id so that it is the same everywhere without being stored.
 * Each has a contrast of at least 4.5 to white, so that a name in white on it can be read.
 */
export const USER_COLORS = [
  "#c2255c",
  "#9c36b5",
  "#6741d9",
  "#3b5bdb",
  "#1971c2",
  "#0b7285",
  "#087f5b",
  "#2b7a37",
  "#5c7016",
  "#a84300",
  "#c92a2a",
  "#7d5a3c",
] as const;

export function colorForUser(userId: string): string {
  // FNV-1a: short ids that differ in one letter still spread over the palette.
  let hash = 0x811c9dc5;
  for (let i = 0; i < userId.length; i++) {
    hash = Math.imul(hash ^ userId.charCodeAt(i), 0x01000193);
  }
  return USER_COLORS[(hash >>> 0) % USER_COLORS.length] ?? USER_COLORS[0];
}
