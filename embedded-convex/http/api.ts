/**
 * The HTTP API (docs.convex.dev, "HTTP API"), which ConvexHttpClient and `npx convex run` use.
 *
 *   POST /api/query|mutation|action   {path, format, args}   the public functions
 *   POST /api/function                the same for any kind, internal ones with the admin key
 *   POST /api/query_ts                {ts}, to give to query_at_ts
 *   POST /api/storage/upload?token=   the file as body → {storageId};  GET /api/storage/{name} → the file
 *   GET  /version, /instance_name
 *
 * A function's result is 200 `{status: "success", value, logLines}` or 560 `{status: "error", errorMessage,
 * errorData?, logLines}`. Everything else that goes wrong is `{code, message}` with a status of its own.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { JSONValue } from "convex/values";
import { z } from "zod";
import type { Authenticator } from "../auth/authenticator";
import type { Engine, FunctionCall } from "../engine";
import { MAX_FILE_BYTES, WrongDigestError } from "../files";
import { clientCaller } from "../functions/caller";
import type { FunctionOutcome } from "../functions/outcome";
import { findFunction } from "../functions/invoke";
import { decodeTimestamp, encodeTimestamp } from "../sync/messages";
import { MAX_FUNCTION_VALUE_BYTES } from "../values/limits";
import { addressOf, readBody, sendError, sendJson, sendText, TooLargeError, urlOf } from "./exchange";
import { refusalOf } from "./origin";

const FUNCTION_FAILED = 560;

const json = z.custom<JSONValue>((value) => value !== undefined);
const Body = z.object({
  path: z.string().max(1_024),
  format: z.enum(["convex_encoded_json", "json"]).nullish(),
  args: json,
  componentPath: z.string().nullish(),
  ts: z.string().optional(),
});

export interface ApiHost {
  engine: Engine;
  authenticator: Authenticator;
}

type Endpoint = "query" | "query_at_ts" | "mutation" | "action" | "function";
const ENDPOINTS = new Set<string>(["query", "query_at_ts", "mutation", "action", "function"]);

export async function handleApi(
  host: ApiHost,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { origin } = request.headers;
  const refusal = refusalOf(request.headers.host, origin);
  if (refusal !== null) {
    sendError(response, 403, "ForbiddenOrigin", refusal);
    return;
  }
  if (origin !== undefined) allowOrigin(request, response, origin);
  if (request.method === "OPTIONS") return void response.writeHead(204).end();

  const url = urlOf(request.url ?? "/", "http://localhost");
  if (url === null) {
    sendError(response, 400, "BadRequest", "The request's path is not one of this server.");
    return;
  }
  const path = url.pathname;
  try {
    if (request.method === "GET" && path === "/version") {
      sendText(response, 200, "embedded");
      return;
    }
    if (request.method === "GET" && path === "/instance_name") {
      sendText(response, 200, "local-embedded");
      return;
    }
    if (request.method === "GET" && path === "/") {
      sendText(response, 200, "This Convex deployment is running.");
      return;
    }
    if (path === "/api/storage/upload" && request.method === "POST") {
      await upload(host, request, response, url.searchParams.get("token") ?? "");
      return;
    }
    const file = /^\/api\/storage\/([^/]+)$/.exec(path)?.[1];
    if (file !== undefined && (request.method === "GET" || request.method === "HEAD")) {
      download(host, response, file);
      return;
    }
    const endpoint = /^\/api\/([a-z_]+)$/.exec(path)?.[1];
    if (request.method === "POST" && endpoint === "query_ts") {
      sendJson(response, 200, JSON.stringify({ ts: encodeTimestamp(host.engine.store.now) }));
      return;
    }
    if (request.method === "POST" && endpoint !== undefined && ENDPOINTS.has(endpoint)) {
      await runFunction(host, request, response, endpoint as Endpoint);
      return;
    }
    sendError(response, 404, "NotFound", `The embedded Convex has no ${request.method ?? ""} ${path}.`);
  } catch (error) {
    if (error instanceof TooLargeError) {
      sendError(response, 413, "PayloadTooLarge", error.message);
      return;
    }
    if (error instanceof WrongDigestError) {
      sendError(response, 400, "WrongDigest", error.message);
      return;
    }
    throw error;
  }
}

async function runFunction(
  host: ApiHost,
  request: IncomingMessage,
  response: ServerResponse,
  endpoint: Endpoint,
): Promise<void> {
  const body = parseBody(await readBody(request, MAX_FUNCTION_VALUE_BYTES + 64 * 1024));
  if (body.kind === "malformed") {
    sendError(response, 400, "BadRequest", body.problem);
    return;
  }
  const authorization = await host.authenticator.authorize(request.headers.authorization);
  if (authorization.kind === "refused") {
    sendError(response, 401, "Unauthenticated", authorization.reason);
    return;
  }
  const { path, args, componentPath, ts } = body.value;
  if (componentPath) {
    sendError(response, 400, "Unsupported", "The embedded Convex does not support components.");
    return;
  }
  const { identity, access } = authorization;
  const call: FunctionCall = { path, args, access, caller: clientCaller(identity, addressOf(request)) };
  if (endpoint === "query_at_ts") {
    const timestamp = ts === undefined ? null : decodeTimestamp(ts);
    if (timestamp === null) {
      sendError(response, 400, "BadRequest", "`ts` is not a timestamp.");
      return;
    }
    if (timestamp < host.engine.store.now) {
      sendError(response, 400, "Unsupported", "The embedded Convex does not support queries in the past.");
      return;
    }
  }
  const outcome = await run(host.engine, endpoint, call);
  const log = JSON.stringify(outcome.log);
  if (outcome.kind === "success") {
    sendJson(response, 200, `{"status":"success","value":${outcome.value},"logLines":${log}}`);
    return;
  }
  const { message, data } = outcome.failure;
  const errorData = data === undefined ? "" : `,"errorData":${JSON.stringify(data)}`;
  sendJson(
    response,
    FUNCTION_FAILED,
    `{"status":"error","errorMessage":${JSON.stringify(message)}${errorData},"logLines":${log}}`,
  );
}

async function run(engine: Engine, endpoint: Endpoint, call: FunctionCall): Promise<FunctionOutcome> {
  switch (endpoint) {
    case "query":
    case "query_at_ts":
      return await engine.queryOnce(call);
    case "mutation":
      return await engine.mutation(call);
    case "action":
      return await engine.action(call);
    case "function": {
      let kind: "query" | "mutation" | "action";
      try {
        kind = findFunction(engine.functions, call.path, "any", call.access).kind;
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        return { kind: "failure", failure: { message }, log: [] };
      }
      return await run(engine, kind, call);
    }
  }
}

async function upload(
  host: ApiHost,
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
): Promise<void> {
  const { engine } = host;
  if (!engine.files.acceptsUpload(token)) {
    sendError(response, 401, "Unauthorized", "The upload URL is not valid any more.");
    return;
  }
  const content = await readBody(request, MAX_FILE_BYTES);
  const contentType = request.headers["content-type"] ?? null;
  const sha256 = digestOf(request.headers["digest"]);
  const storageId = await engine.write((transaction) =>
    engine.files.put(transaction, content, contentType, sha256),
  );
  sendJson(response, 200, JSON.stringify({ storageId }));
}

/** The SHA-256 in a header `Digest: sha-256=<base 64>`, when there is one. */
function digestOf(header: string | string[] | undefined): string | undefined {
  return typeof header === "string" ? /^sha-256=(.*)$/i.exec(header)?.[1] : undefined;
}

function download(host: ApiHost, response: ServerResponse, name: string): void {
  const file = host.engine.files.open(name);
  if (file === null) {
    sendError(response, 404, "FileNotFound", "There is no such file.");
    return;
  }
  response
    .writeHead(200, {
      "Content-Type": file.contentType ?? "application/octet-stream",
      "Content-Length": file.content.byteLength,
      "Cache-Control": "private, max-age=2592000",
      Digest: `sha-256=${file.sha256}`,
    })
    .end(file.content);
}

/** As Convex: whatever headers a page asks for. Which pages may ask is decided before. */
function allowOrigin(request: IncomingMessage, response: ServerResponse, origin: string): void {
  response.setHeader("Access-Control-Allow-Origin", origin);
  response.setHeader("Access-Control-Allow-Methods", "GET, POST, OPTIONS, PATCH, DELETE, PUT");
  const asked = request.headers["access-control-request-headers"];
  if (asked !== undefined) response.setHeader("Access-Control-Allow-Headers", asked);
  response.setHeader("Access-Control-Allow-Credentials", "true");
  response.setHeader("Access-Control-Max-Age", "86400");
  response.setHeader("Vary", "Origin, Access-Control-Request-Headers");
}

function parseBody(
  bytes: Buffer,
): { kind: "parsed"; value: z.infer<typeof Body> } | { kind: "malformed"; problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    return {
      kind: "malformed",
      problem: `The body is not JSON: ${error instanceof Error ? error.message : ""}`,
    };
  }
  const parsed = Body.safeParse(value);
  if (!parsed.success) return { kind: "malformed", problem: z.prettifyError(parsed.error) };
  return { kind: "parsed", value: parsed.data };
}
