/** What a link carries: nobody guesses it, and it is worth what the link gives. */
const TOKEN_BYTES = 20;

export function newToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(TOKEN_BYTES));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
