/**
 * WebSocket close codes of the rooms (4000 to 4999 belong to applications, RFC 6455 section 7.4.2).
 * A refused upgrade has none of these: the browser reports it as 1006, whatever the HTTP status was.
 *
 * 44xx says that this connection did, or may do, something that the room does not take: reconnecting at once
 * would end the same way. 45xx says that the room is at fault: try again later.
 */
export const CLOSE = {
  /** A frame that is not of the protocol. The client is broken or hostile. */
  malformedFrame: { code: 4400, reason: "malformed frame" },
  /** Content in content in content, deeper than anybody could take apart again. */
  nestedTooDeeply: { code: 4400, reason: "content is nested too deeply" },
  /** The upgrade reached the room without a valid grant: `onBeforeConnect` did not see it. */
  notAdmitted: { code: 4401, reason: "no valid grant" },
  /** A batch was started and not ended in time. */
  batchTimeout: { code: 4408, reason: "batch was not completed in time" },
  /** The document or diagram was deleted. It will not come back under this id. */
  deleted: { code: 4410, reason: "the document was deleted" },
  /** A frame, or a message assembled from a batch, is larger than the room takes. */
  messageTooLarge: { code: 4413, reason: "message too large" },
  /** One client's awareness state is larger than the room takes. */
  awarenessTooLarge: { code: 4414, reason: "awareness state too large" },
  /** The document has reached its size limit; only deletions are taken. */
  documentTooLarge: { code: 4415, reason: "the document has reached its size limit" },
  /** Updates whose dependencies never arrived. A reconnect syncs what is missing. */
  unresolvedUpdates: { code: 4424, reason: "updates depend on content that was never sent, sync again" },
  /** More messages than the room takes from one connection. */
  rateLimited: { code: 4429, reason: "too many messages" },
  /** The room has as many connections as it takes. */
  roomFull: { code: 4430, reason: "too many people in this room" },
  /** A newer connection of the same person took the place. */
  tooManyOfOne: { code: 4430, reason: "too many connections of one person in this room" },
  /** The client does not read what it is sent. A reconnect gets a fresh sync. */
  slowConsumer: { code: 4431, reason: "too far behind, sync again" },
  /** The client has said nothing for minutes and does not answer: its end is gone. */
  noAnswer: { code: 4432, reason: "no sign of life" },
  /** The room could not load its document. Nothing is wrong with the client: try again later. */
  loadFailed: { code: 4500, reason: "the document could not be loaded, try again" },
  /** An operator has taken the document back to its backup. A reconnect syncs with what is there now. */
  restored: { code: 4501, reason: "the document was taken back to its backup, sync again" },
} as const;

export type CloseCode = (typeof CLOSE)[keyof typeof CLOSE];
