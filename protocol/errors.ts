/**
 * What a refused Convex call tells the page: the `data` of every ConvexError that `convex/` throws.
 * The page shows its own sentence for each code; `message` is for developers.
 */
import * as z from "zod/mini";

export const ERROR_CODES = [
  /** Nobody is signed in, or the session has ended. */
  "unauthenticated",
  /** Signed in, but not allowed. Also the answer for what exists but is nobody's business. */
  "forbidden",
  /** No such thing (any more). */
  "not_found",
  /** The arguments make no sense: an empty title, an unknown role. */
  "invalid",
  /** It, or a document that it is in, lies in the trash. Only for those who could open it before. */
  "trashed",
  /** As many as there may be of this: see `limits.ts`. */
  "limit",
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

export const ErrorData = z.object({ code: z.enum(ERROR_CODES), message: z.string() });
export type ErrorData = z.infer<typeof ErrorData>;
