/**
 * WebSocket close codes of the rooms (4000 to 4999 belong to applications, RFC 6455 section 7.4.2).
 * A refused upgrade has none of these: the browser reports it as 1006, whatever the HTTP status was.
 */
export const CLOSE = {
  /** The room could not load its document. Nothing is wrong with the client: try again later. */
  loadFailed: { code: 4500, reason: "the document could not be loaded, try again" },
  /** A frame that is not of the protocol. The client is broken or hostile. */
  malformedFrame: { code: 4400, reason: "malformed frame" },
} as const;

export type CloseCode = (typeof CLOSE)[keyof typeof CLOSE];
