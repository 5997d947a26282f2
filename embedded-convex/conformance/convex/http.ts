import { httpRouter, makeFunctionReference } from "convex/server";
import { httpAction } from "./builders";

const http = httpRouter();
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

http.route({
  pathPrefix: "/notes/",
  method: "PUT",
  handler: httpAction(async (ctx, request) => {
    const [, , run = "", what = ""] = new URL(request.url).pathname.split("/");
    await ctx.runMutation(noteRef, { run, what });
    return new Response(null, { status: 204 });
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
