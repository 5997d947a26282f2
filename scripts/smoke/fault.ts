/** Something that is wrong with the deployment, in words for its operator. Ends the smoke test. */
export class Fault extends Error {
  override readonly name = "Fault";
}

/** Why a request or a socket failed, without a stack. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // `fetch` hides the reason behind a TypeError that says "fetch failed".
  const reason = error instanceof TypeError && error.cause instanceof Error ? error.cause : error;
  return reason.message || reason.name;
}
