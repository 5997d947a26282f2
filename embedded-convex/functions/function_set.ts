/** What a `convex/` folder defines, as loaded: functions, schema, auth providers, HTTP routes, crons. */
import type { AuthConfig, HttpRouter } from "convex/server";
import type { JSONValue, ValidatorJSON } from "convex/values";
import { z } from "zod";
import type { SearchIndex } from "../query/search";

/** What the `convex` package puts on every registered function. */
export interface RegisteredFunction {
  isQuery?: true;
  isMutation?: true;
  isAction?: true;
  isPublic?: true;
  isInternal?: true;
  exportArgs(): string;
  exportReturns(): string;
  invokeQuery(args: string): Promise<string>;
  invokeMutation(args: string): Promise<string>;
  invokeAction(requestId: string, args: string): Promise<string>;
}

export interface FunctionDefinition {
  path: string;
  kind: "query" | "mutation" | "action";
  visibility: "public" | "internal";
  args: ValidatorJSON;
  returns: ValidatorJSON | null;
  registered: RegisteredFunction;
}

export interface TableSchema {
  documentType: ValidatorJSON;
  indexes: { name: string; fields: string[] }[];
}

export interface Schema {
  tables: Map<string, TableSchema>;
  searchIndexes: Map<string, SearchIndex>;
  enforced: boolean;
  /** The export as text: tells whether the schema is the one that was applied last. */
  text: string;
}

export interface CronDefinition {
  name: string;
  path: string;
  args: JSONValue;
  schedule: CronSchedule;
}

const CronSchedule = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("interval"),
    seconds: z.number().optional(),
    minutes: z.number().optional(),
    hours: z.number().optional(),
  }),
  z.object({ type: z.literal("hourly"), minuteUTC: z.number().optional() }),
  z.object({ type: z.literal("daily"), hourUTC: z.number(), minuteUTC: z.number().optional() }),
  z.object({
    type: z.literal("weekly"),
    dayOfWeek: z.string(),
    hourUTC: z.number(),
    minuteUTC: z.number().optional(),
  }),
  z.object({
    type: z.literal("monthly"),
    day: z.number(),
    hourUTC: z.number(),
    minuteUTC: z.number().optional(),
  }),
  z.object({ type: z.literal("cron"), cron: z.string() }),
]);
export type CronSchedule = z.infer<typeof CronSchedule>;

export interface FunctionSet {
  functions: Map<string, FunctionDefinition>;
  schema: Schema;
  authConfig: AuthConfig;
  router: HttpRouter | null;
  crons: CronDefinition[];
}

export const EMPTY_SCHEMA: Schema = {
  tables: new Map(),
  searchIndexes: new Map(),
  enforced: false,
  text: "",
};

/** `messages:send`, from any of the ways to write it (`messages.js:send`, `messages:default` as `messages`). */
export function canonicalPath(path: string): string {
  const [module = "", name = "default"] = path.split(":");
  return `${module.replace(/\.[cm]?[jt]sx?$/, "")}:${name}`;
}

/** The functions among a module's exports. */
export function functionsOfModule(
  modulePath: string,
  exports: Record<string, unknown>,
): FunctionDefinition[] {
  const found: FunctionDefinition[] = [];
  for (const [name, value] of Object.entries(exports)) {
    if (!isRegistered(value)) continue;
    const path = `${modulePath}:${name}`;
    const kind = value.isQuery ? "query" : value.isMutation ? "mutation" : value.isAction ? "action" : null;
    if (kind === null) continue;
    found.push({
      path,
      kind,
      visibility: value.isPublic ? "public" : "internal",
      args: JSON.parse(value.exportArgs()) as ValidatorJSON,
      returns: JSON.parse(value.exportReturns()) as ValidatorJSON | null,
      registered: value,
    });
  }
  return found;
}

/** The default export of `schema.ts`. */
export function schemaOfExport(exported: unknown): Schema {
  if (!hasMethod(exported, "export")) {
    throw new Error("schema.ts must have a default export made with `defineSchema`.");
  }
  const text = String(exported.export());
  const { tables, schemaValidation } = SchemaExport.parse(JSON.parse(text));
  const searchIndexes = new Map<string, SearchIndex>();
  for (const table of tables) {
    for (const { indexDescriptor, searchField, filterFields } of table.searchIndexes) {
      searchIndexes.set(`${table.tableName}.${indexDescriptor}`, { searchField, filterFields });
    }
  }
  return {
    text,
    enforced: schemaValidation,
    searchIndexes,
    tables: new Map(
      tables.map(({ tableName, documentType, indexes }) => [
        tableName,
        {
          documentType,
          indexes: indexes.map(({ indexDescriptor, fields }) => ({ name: indexDescriptor, fields })),
        },
      ]),
    ),
  };
}

/** The default export of `crons.ts`. */
export function cronsOfExport(exported: unknown): CronDefinition[] {
  if (!hasMethod(exported, "export")) {
    throw new Error("crons.ts must have a default export made with `cronJobs()`.");
  }
  const jobs = CronExport.parse(JSON.parse(String(exported.export())));
  return Object.entries(jobs).map(([name, job]) => ({
    name,
    path: canonicalPath(job.name),
    args: job.args[0] ?? {},
    schedule: job.schedule,
  }));
}

/** The default export of `http.ts`. */
export function routerOfExport(exported: unknown): HttpRouter {
  if (typeof exported !== "object" || exported === null || !("isRouter" in exported)) {
    throw new Error("http.ts must have a default export made with `httpRouter()`.");
  }
  return exported as HttpRouter;
}

/** The default export of `auth.config.ts`. */
export function authConfigOfExport(exported: unknown): AuthConfig {
  return AuthConfigExport.parse(exported);
}

const json = z.custom<JSONValue>((value) => value !== undefined);
const validator = z.custom<ValidatorJSON>(
  (value) => typeof value === "object" && value !== null && "type" in value,
);

const SchemaExport = z.object({
  schemaValidation: z.boolean().default(true),
  tables: z.array(
    z.object({
      tableName: z.string(),
      documentType: validator,
      indexes: z.array(z.object({ indexDescriptor: z.string(), fields: z.array(z.string()) })),
      searchIndexes: z
        .array(
          z.object({
            indexDescriptor: z.string(),
            searchField: z.string(),
            filterFields: z.array(z.string()),
          }),
        )
        .default([]),
    }),
  ),
});

const CronExport = z.record(
  z.string(),
  z.object({ name: z.string(), args: z.array(json), schedule: CronSchedule }),
);

const AuthConfigExport = z.object({
  providers: z.array(
    z.union([
      z.object({
        type: z.literal("customJwt"),
        applicationID: z.string().optional(),
        issuer: z.string(),
        jwks: z.string(),
        algorithm: z.enum(["RS256", "ES256"]),
      }),
      z.object({ domain: z.string(), applicationID: z.string() }),
    ]),
  ),
});

function isRegistered(value: unknown): value is RegisteredFunction {
  return (
    typeof value === "function" &&
    ("isPublic" in value || "isInternal" in value) &&
    hasMethod(value, "exportArgs") &&
    hasMethod(value, "exportReturns")
  );
}

function hasMethod<Name extends string>(value: unknown, name: Name): value is Record<Name, () => unknown> {
  return (
    value !== null &&
    (typeof value === "object" || typeof value === "function") &&
    typeof Reflect.get(value, name) === "function"
  );
}
