import { httpRouter, makeFunctionReference } from "convex/server";
import { httpAction } from "./builders";

const http = httpRouter();
const eventsRef = makeFunctionReference<"query", { run: string }, string[]>("later:events");
const noteRef = makeFunctionReference<"mutation">("later:note");

http.route({
  path: "/.well-known/openid-configuration",
  method: "GET",
  handler: httpAction(() => {
    const issuer = process.env["CONVEX_SITE_URL"] ?? "";
    return Promise.resolve(Response.json({ issuer, jwks_uri: `${issuer}/jwks.json` }));
  }),
});

http.route({
  path: "/jwks.json",
  method: "GET",
  handler: httpAction(() =>
    Promise.resolve(
      new Response(process.env["JWKS"] ?? "{}", { headers: { "Content-Type": "application/json" } }),
    ),
  ),
});

http.route({
  path: "/echo",
  method: "POST",
  handler: httpAction(async (_ctx, request) => {
    const { pathname, search } = new URL(request.url);
    const body = await request.text();
    return Response.json(
      { method: request.method, path: pathname + search, header: request.headers.get("x-test"), body },
      { status: 201, headers: { "x-answer": "yes" } },
    );
  }),
});

/** For pages of other origins, as Convex's documentation has it: the preflight is a route like any other. */
const shared = { "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "Content-Type" };
http.route({
  path: "/shared",
  method: "OPTIONS",
  handler: httpAction(() => Promise.resolve(new Response(null, { headers: shared }))),
});
http.route({
  path: "/shared",
  method: "POST",
  handler: httpAction(async (_ctx, request) => new Response(await request.text(), { headers: shared })),
});

http.route({
  pathPrefix: "/notes/",
  method: "PUT",
  handler: httpAction(async (ctx, request) => {
    const [, , run = "", what = ""] = new URL(request.url).pathname.split("/");
    await ctx.runMutation(noteRef, { run, what });
    return new Response(null, { status: 204 });
  }),
});

/** Sends "first", then the event of that run, as soon as there is one. */
http.route({
  pathPrefix: "/streams/",
  method: "GET",
  handler: httpAction((ctx, request) => {
    const [, , run = ""] = new URL(request.url).pathname.split("/");
    const { readable, writable } = new TransformStream<string, string>();
    const writer = writable.getWriter();
    const send = async () => {
      await writer.write("first");
      let events: string[] = [];
      for (let waits = 0; events.length === 0 && waits < 500; waits++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        events = await ctx.runQuery(eventsRef, { run });
      }
      for (const event of events) await writer.write(event);
      await writer.close();
    };
    send().catch((error: unknown) => writer.abort(error));
    return Promise.resolve(new Response(readable.pipeThrough(new TextEncoderStream())));
  }),
});

http.route({
  path: "/parts",
  method: "POST",
  handler: httpAction(async (_ctx, request) => {
    let text = "";
    for await (const part of request.body?.pipeThrough(new TextDecoderStream()) ?? []) text += part;
    return new Response(text);
  }),
});

http.route({
  path: "/whoami",
  method: "GET",
  handler: httpAction(async (ctx) => Response.json((await ctx.auth.getUserIdentity())?.subject ?? null)),
});

http.route({
  path: "/throws",
  method: "GET",
  handler: httpAction(() => Promise.reject(new Error("thrown by an HTTP action"))),
});

export default http;
