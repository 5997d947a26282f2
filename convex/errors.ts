import { ConvexError } from "convex/values";
import type { ErrorCode, ErrorData } from "../protocol/errors";

/**
 * What every function of this folder throws when it refuses: a ConvexError, whose data reaches the page
 * (the message of any other error stays on the server in production).
 */
export function refusal(code: ErrorCode, message: string): ConvexError<ErrorData> {
  return new ConvexError({ code, message });
}
