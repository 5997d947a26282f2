/** What names a question to the backend, and whose answer it is. */

/** The same for the same question, whichever list on the page asks it. */
export function answerKey(query: string, args: Record<string, unknown>): string {
  return `${query} ${JSON.stringify(args, withoutSerial)}`;
}

/** Convex's paginated hook numbers its instances, so that each fetches its own pages. */
function withoutSerial(name: string, value: unknown): unknown {
  if (name !== "paginationOpts" || typeof value !== "object" || value === null) return value;
  return { ...value, id: undefined };
}

/** The user whom a session's JWT names as `{userId}|{sessionId}`; `null` if it is none. */
export function userOfToken(token: string): string | null {
  const payload = token.split(".")[1]?.replaceAll("-", "+").replaceAll("_", "/");
  if (payload === undefined) return null;
  try {
    const claims: unknown = JSON.parse(atob(payload));
    if (typeof claims !== "object" || claims === null || !("sub" in claims)) return null;
    const userId = typeof claims.sub === "string" ? claims.sub.split("|")[0] : "";
    return userId === undefined || userId === "" ? null : userId;
  } catch {
    return null;
  }
}
