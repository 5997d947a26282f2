/** Reading requests and writing responses of Node's HTTP server. */
import type { IncomingMessage, ServerResponse } from "node:http";

export class TooLargeError extends Error {}

/**
 * The whole body. Throws `TooLargeError` beyond `maxBytes`, after the rest was read and dropped: a client that is
 * still sending would see its connection reset instead of the answer.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length <= maxBytes) parts.push(part);
    else parts.length = 0;
  }
  if (length > maxBytes) throw new TooLargeError(`The request body is larger than ${maxBytes} bytes.`);
  return Buffer.concat(parts);
}

/** Where a request comes from, as functions may ask. */
export function addressOf(request: IncomingMessage): { ip: string | null; userAgent: string | null } {
  return { ip: request.socket.remoteAddress ?? null, userAgent: request.headers["user-agent"] ?? null };
}

export function sendJson(response: ServerResponse, status: number, json: string): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(json);
}

export function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" }).end(text);
}

/** Convex's form of an error that is not a function's. */
export function sendError(response: ServerResponse, status: number, code: string, message: string): void {
  sendJson(response, status, JSON.stringify({ code, message }));
}

/**
 * A request's URL under the server's own origin. `null` when the request line leads elsewhere, as `//host/path` would
 * when it is resolved like a link.
 */
export function urlOf(path: string, origin: string): URL | null {
  if (!path.startsWith("/") || /^[/\\]{2}/.test(path) || !URL.canParse(origin + path)) return null;
  return new URL(origin + path);
}
