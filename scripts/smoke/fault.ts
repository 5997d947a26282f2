/** Something that is wrong with the deployment, in words for its operator. Ends the smoke test. */
export class Fault extends Error {
  override readonly name = "Fault";
}

/** Why a request or a socket failed, without a stack. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // `fetch` hides the reason behind "fetch failed".
  const { cause } = error;
  return cause instanceof Error ? cause.message || cause.name : error.message || error.name;
}
