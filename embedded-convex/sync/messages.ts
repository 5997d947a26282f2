/**
 * The sync protocol's messages, as convex/src/browser/sync/protocol.ts defines them.
 *
 *   client → server   Connect first, then Authenticate, ModifyQuerySet, Mutation, Action, Event in any order
 *   server → client   Transition (or its chunks), MutationResponse, ActionResponse, AuthError, FatalError, Ping
 *
 * Both sides keep a version `{querySet, identity, ts}`. A client message moves `querySet` or `identity` from the
 * version that it names to the next; a Transition moves the client from exactly the version it has to another and
 * brings all results that differ. A frame that is not of this protocol gets a FatalError and the socket is closed.
 */
import type { JSONValue } from "convex/values";
import { z } from "zod";

const json = z.custom<JSONValue>((value) => value !== undefined);
const version = z.number().int().nonnegative();
const componentPath = z.string().nullish();
const call = { udfPath: z.string().max(1_024), args: z.array(json).max(1), componentPath };

const Connect = z.object({
  type: z.literal("Connect"),
  sessionId: z.string().min(1).max(128),
  connectionCount: z.number(),
  lastCloseReason: z.string().nullish(),
  maxObservedTimestamp: z.string().max(32).nullish(),
  clientTs: z.number().optional(),
});

const Authenticate = z.discriminatedUnion("tokenType", [
  z.object({
    type: z.literal("Authenticate"),
    tokenType: z.literal("Admin"),
    value: z.string(),
    baseVersion: version,
    impersonating: z.record(z.string(), json).optional(),
  }),
  z.object({
    type: z.literal("Authenticate"),
    tokenType: z.literal("User"),
    value: z.string(),
    baseVersion: version,
  }),
  z.object({ type: z.literal("Authenticate"), tokenType: z.literal("None"), baseVersion: version }),
]);

const ModifyQuerySet = z.object({
  type: z.literal("ModifyQuerySet"),
  baseVersion: version,
  newVersion: version,
  modifications: z.array(
    z.discriminatedUnion("type", [
      z.object({ type: z.literal("Add"), queryId: version, journal: z.string().nullish(), ...call }),
      z.object({ type: z.literal("Remove"), queryId: version }),
    ]),
  ),
});

const Request = { requestId: version, ...call };

export const ClientMessage = z.union([
  Connect,
  Authenticate,
  ModifyQuerySet,
  z.object({ type: z.literal("Mutation"), ...Request }),
  z.object({ type: z.literal("Action"), ...Request }),
  z.object({ type: z.literal("Event"), eventType: z.string(), event: z.unknown() }),
]);
export type ClientMessage = z.infer<typeof ClientMessage>;
export type MessageOf<Type extends ClientMessage["type"]> = Extract<ClientMessage, { type: Type }>;

export interface StateVersion {
  querySet: number;
  identity: number;
  ts: bigint;
}

/** A modification is kept as JSON text: results are long, and were text before. */
export function transitionText(
  start: StateVersion,
  end: StateVersion,
  modifications: readonly string[],
  clock: { clientClockSkew?: number; serverTs: number },
): string {
  const head = {
    type: "Transition",
    startVersion: encodeVersion(start),
    endVersion: encodeVersion(end),
    ...clock,
  };
  return `${JSON.stringify(head).slice(0, -1)},"modifications":[${modifications.join(",")}]}`;
}

/** Timestamps are unsigned 64-bit numbers, little-endian, in base 64. */
export function encodeTimestamp(timestamp: bigint): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(timestamp);
  return bytes.toString("base64");
}

/** `null` when it is no timestamp. */
export function decodeTimestamp(text: string): bigint | null {
  const bytes = Buffer.from(text, "base64");
  return bytes.length === 8 ? bytes.readBigUInt64LE() : null;
}

function encodeVersion({ querySet, identity, ts }: StateVersion) {
  return { querySet, identity, ts: encodeTimestamp(ts) };
}

/** The parts of a message that is too long for one frame; they follow each other with nothing in between. */
export function chunksOf(message: string, maxChars: number, transitionId: string): string[] {
  if (message.length <= maxChars) return [message];
  const parts: string[] = [];
  for (let at = 0; at < message.length;) {
    let end = Math.min(at + maxChars, message.length);
    // Half a surrogate pair does not survive UTF-8.
    const last = message.charCodeAt(end - 1);
    if (end < message.length && last >= 0xd800 && last <= 0xdbff) end -= 1;
    parts.push(message.slice(at, end));
    at = end;
  }
  return parts.map((chunk, partNumber) =>
    JSON.stringify({ type: "TransitionChunk", chunk, partNumber, totalParts: parts.length, transitionId }),
  );
}
