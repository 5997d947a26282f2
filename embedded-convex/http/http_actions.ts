/** HTTP actions: requests on the site's port go to the handlers of `convex/http.ts`. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { ROUTABLE_HTTP_METHODS, type HttpRouter, type RoutableMethod } from "convex/server";
import { clientCaller, type Caller } from "../functions/caller";
import { runAs } from "../functions/execution";
import type { ApiHost } from "./api";
import { addressOf, readBody, sendText, TooLargeError, urlOf } from "./exchange";
import { refusalOf } from "./origin";

/** As Convex: bodies of HTTP actions are limited. */
const MAX_BODY_BYTES = 20 * 1024 * 1024;

type Handler = NonNullable<ReturnType<HttpRouter["lookup"]>>[0] & {
  invokeHttpAction(request: Request): Promise<Response>;
};

/** `origin` is where the site is reached, and becomes part of `request.url`. */
export async function handleHttpAction(
  host: ApiHost,
  origin: string,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const method = request.method ?? "GET";
  // Whether a page of another site may call is the application's business; under whose name it does is not.
  const refusal = refusalOf(request.headers.host, undefined);
  if (refusal !== null) {
    sendText(response, 403, refusal);
    return;
  }
  const url = urlOf(path, origin);
  if (url === null) {
    sendText(response, 400, "The request's path is not one of this server.");
    return;
  }
  const { router } = host.engine.functions;
  if (router === null) {
    sendText(response, 404, "This Convex deployment does not have HTTP actions enabled.");
    return;
  }
  const match = isRoutable(method) ? router.lookup(url.pathname, method) : null;
  if (match === null) {
    sendText(response, 404, "No matching routes found");
    return;
  }

  let body: Buffer;
  try {
    body = await readBody(request, MAX_BODY_BYTES);
  } catch (error) {
    if (error instanceof TooLargeError) {
      sendText(response, 413, error.message);
      return;
    }
    throw error;
  }
  const caller = await callerOf(host, request);
  const [handler, , route] = match;
  const webRequest = new Request(url, {
    method,
    headers: headersOf(request),
    ...(method === "GET" || method === "HEAD" ? {} : { body: new Uint8Array(body) }),
  });
  const outcome = await host.engine.httpAction(`${method} ${route}`, caller, (execution) =>
    runAs(execution, async () => {
      const result = await (handler as Handler).invokeHttpAction(webRequest);
      // The action lasts until its response has been sent: what produces the body may still call functions.
      await respond(response, result, method === "HEAD");
    }),
  );
  if (outcome.kind === "success") return;
  if (response.headersSent) response.destroy();
  else sendText(response, 500, JSON.stringify({ code: outcome.message, trace: outcome.message }));
}

/** An unusable `Authorization` header is the application's business here: it may be a token of its own. */
async function callerOf(host: ApiHost, request: IncomingMessage): Promise<Caller> {
  const { authorization } = request.headers;
  const checked = authorization?.startsWith("Bearer ")
    ? await host.authenticator.authorize(authorization)
    : null;
  const identity = checked?.kind === "accepted" ? checked.identity : null;
  return clientCaller(identity, addressOf(request));
}

async function respond(response: ServerResponse, result: unknown, headOnly: boolean): Promise<void> {
  if (!(result instanceof Response)) {
    sendText(response, 500, "The HTTP action did not return a Response.");
    return;
  }
  response.statusCode = result.status;
  for (const [name, value] of result.headers) {
    if (name !== "set-cookie") response.setHeader(name, value);
  }
  const cookies = result.headers.getSetCookie();
  if (cookies.length > 0) response.setHeader("Set-Cookie", cookies);
  if (result.body === null || headOnly) return void response.end();
  const stream = Readable.fromWeb(result.body as NodeReadableStream<Uint8Array>);
  await new Promise<void>((resolve, reject) => {
    stream.on("error", reject);
    response.on("error", reject);
    response.on("close", () => {
      // When the client has gone, nobody needs the rest.
      stream.destroy();
      resolve();
    });
    stream.pipe(response);
  });
}

function headersOf(request: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    for (const each of Array.isArray(value) ? value : [value ?? ""]) headers.append(name, each);
  }
  return headers;
}

function isRoutable(method: string): method is RoutableMethod {
  return method === "HEAD" || (ROUTABLE_HTTP_METHODS as readonly string[]).includes(method);
}
