/**
 * Stands in for the package `convex-test`, on this engine instead of that package's. With the configuration beside it
 * (`npx vitest run --config embedded-convex/second_opinion/vitest.config.ts`) the unit tests of `convex/` run
 * unchanged on both, and a difference is a bug in one of them. It has what those tests use: `query`, `mutation`,
 * `action`, `run`, `fetch`, `withIdentity`.
 */
import {
  getFunctionName,
  mutationGeneric,
  queryGeneric,
  type DefaultFunctionArgs,
  type FunctionReference,
  type GenericDataModel,
  type GenericMutationCtx,
  type GenericQueryCtx,
  type HttpRouter,
  type MutationBuilder,
  type QueryBuilder,
  type RegisteredMutation,
  type RegisteredQuery,
  type RoutableMethod,
} from "convex/server";
import { ConvexError, convexToJson, jsonToConvex, type JSONValue, type Value } from "convex/values";
import { tmpdir } from "node:os";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll } from "vitest";
import { Engine, type FunctionCall } from "../engine";
import { Files } from "../files";
import { clientCaller, type Caller } from "../functions/caller";
import { runAs } from "../functions/execution";
import {
  functionsOfModule,
  routerOfExport,
  schemaOfExport,
  type FunctionDefinition,
} from "../functions/function_set";
import type { FunctionOutcome } from "../functions/outcome";
import { installSandbox, original } from "../functions/sandbox";
import { applySchema } from "../functions/schema_change";
import { Store } from "../store/store";

type Modules = Record<string, () => Promise<unknown>>;
type AnyFunction = FunctionReference<"query" | "mutation" | "action", "public" | "internal">;
type HttpHandler = { invokeHttpAction(request: Request): Promise<Response> };

interface Loaded {
  engine: Engine;
  router: HttpRouter | null;
}

installSandbox(() => original.env);

const query: QueryBuilder<GenericDataModel, "public"> = queryGeneric;
const mutation: MutationBuilder<GenericDataModel, "public"> = mutationGeneric;

type Body<Context> = (ctx: Context) => Promise<unknown>;
type Inline =
  | RegisteredQuery<"public", DefaultFunctionArgs, unknown>
  | RegisteredMutation<"public", DefaultFunctionArgs, unknown>;

let inlineFunctions = 0;

class Deployment {
  constructor(
    private readonly loaded: Promise<Loaded>,
    private readonly attributes: Record<string, JSONValue> | null,
  ) {}

  withIdentity(attributes: Record<string, JSONValue>): Deployment {
    const { issuer = "https://convex.test", subject = "subject" } = attributes;
    const tokenIdentifier = `${JSON.stringify(issuer)}|${JSON.stringify(subject)}`.replaceAll('"', "");
    return new Deployment(this.loaded, { issuer, subject, tokenIdentifier, ...attributes });
  }

  /** A function of the deployment, or code of the test as one. */
  async query(
    what: AnyFunction | Body<GenericQueryCtx<GenericDataModel>>,
    args?: Record<string, Value>,
  ): Promise<unknown> {
    const { engine } = await this.loaded;
    if (typeof what !== "function") {
      return resultOf(await engine.queryOnce(this.call(getFunctionName(what), args)));
    }
    return this.inline(
      (body) => query({ handler: (ctx) => body(() => what(ctx)) }),
      async (call) => resultOf(await engine.queryOnce(call)),
    );
  }

  async mutation(reference: AnyFunction, args?: Record<string, Value>): Promise<Value> {
    const { engine } = await this.loaded;
    return resultOf(await engine.mutation(this.call(getFunctionName(reference), args)));
  }

  async action(reference: AnyFunction, args?: Record<string, Value>): Promise<Value> {
    const { engine } = await this.loaded;
    return resultOf(await engine.action(this.call(getFunctionName(reference), args)));
  }

  /** Runs code of the test as a mutation. */
  async run<T>(body: (ctx: GenericMutationCtx<GenericDataModel>) => Promise<T>): Promise<T> {
    const { engine } = await this.loaded;
    const result = await this.inline(
      (note) => mutation({ handler: (ctx) => note(() => body(ctx)) }),
      async (call) => resultOf(await engine.mutation(call)),
    );
    return result as T;
  }

  /** Code of the test as a function of the deployment. What it returns goes by, as it is, for it need not be a value. */
  private async inline(
    define: (note: (body: () => Promise<unknown>) => Promise<null>) => Inline,
    call: (call: FunctionCall) => Promise<unknown>,
  ): Promise<unknown> {
    const { engine } = await this.loaded;
    let result: unknown;
    const inline = define(async (body) => {
      result = await body();
      return null;
    });
    const name = `run${(inlineFunctions += 1)}`;
    for (const definition of functionsOfModule("inline", { [name]: inline })) {
      engine.functions.functions.set(definition.path, definition);
    }
    await call(this.call(`inline:${name}`));
    return result;
  }

  async fetch(path: string, init?: RequestInit): Promise<Response> {
    const { engine, router } = await this.loaded;
    const request = new Request(new URL(path, "https://some.convex.site"), init);
    const match = router?.lookup(new URL(request.url).pathname, request.method as RoutableMethod) ?? null;
    if (match === null) return new Response(null, { status: 404 });
    const handler = match[0] as unknown as HttpHandler;
    const outcome = await engine.httpAction(path, this.caller(), (execution) =>
      runAs(execution, () => handler.invokeHttpAction(request)),
    );
    if (outcome.kind === "failure") throw new Error(outcome.message);
    return outcome.value;
  }

  private call(path: string, args: Record<string, Value> = {}): FunctionCall {
    return { path, args: convexToJson(args), caller: this.caller(), access: "all" };
  }

  private caller(): Caller {
    const identity =
      this.attributes === null ? null : { attributes: this.attributes, token: null, expiresAt: null };
    return clientCaller(identity, { ip: null, userAgent: null });
  }
}

/** What this file's tests have opened, each for itself or before all of them. */
const opened: (() => void)[] = [];

afterAll(() => {
  for (const close of opened.splice(0)) close();
});

export function convexTest({ schema, modules }: { schema: unknown; modules: Modules }): Deployment {
  const directory = mkdtempSync(join(tmpdir(), "second-opinion-"));
  const store = new Store(directory);
  opened.push(() => {
    store.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const files = new Files(store, "https://some.convex.cloud");
  const engine = new Engine({ store, files, functionsDirectory: "/", print: () => undefined });
  return new Deployment(load(engine, schema, modules), null);
}

async function load(engine: Engine, schema: unknown, modules: Modules): Promise<Loaded> {
  const functions = new Map<string, FunctionDefinition>();
  let router: HttpRouter | null = null;
  for (const [file, module] of Object.entries(modules)) {
    const path = file.replace(/^\.\//, "");
    if (path.startsWith("_generated/") || path === "schema.ts" || path.split(".").length !== 2) continue;
    const exports = (await module()) as Record<string, unknown>;
    if (path === "http.ts") router = routerOfExport(exports["default"]);
    for (const definition of functionsOfModule(path.replace(/\.ts$/, ""), exports)) {
      functions.set(definition.path, definition);
    }
  }
  const set = { functions, schema: schemaOfExport(schema), authConfig: { providers: [] }, router, crons: [] };
  await engine.replaceFunctions(set, () => applySchema(engine.store, set.schema));
  return { engine, router };
}

function resultOf(outcome: FunctionOutcome): Value {
  if (outcome.kind === "success") return jsonToConvex(JSON.parse(outcome.value) as JSONValue);
  const { message, data } = outcome.failure;
  throw data === undefined ? new Error(message) : new ConvexError(jsonToConvex(data));
}
