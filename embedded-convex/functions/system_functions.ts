/** What the `convex` command line asks a deployment for (`convex run`, `data`, `function-spec`). Admins only. */
import { internalQueryGeneric, paginationOptsValidator } from "convex/server";
import { v } from "convex/values";
import { functionsOfModule, type FunctionDefinition, type FunctionSet } from "./function_set";

const KIND = { query: "Query", mutation: "Mutation", action: "Action" } as const;

export function systemFunctions(functions: () => FunctionSet, tables: () => string[]): FunctionDefinition[] {
  const apiSpec = internalQueryGeneric({
    args: {},
    handler: () => [
      ...[...functions().functions.values()]
        .filter(({ path }) => !path.startsWith("_system/"))
        .map(({ path, kind, visibility, args, returns }) => ({
          functionType: KIND[kind],
          identifier: path.replace(":", ".js:"),
          visibility: { kind: visibility },
          args,
          returns: returns ?? { type: "any" },
        })),
      ...(functions().router?.getRoutes() ?? []).map(([path, method]) => ({
        functionType: "HttpAction",
        method,
        path,
      })),
    ],
  });
  const cloudUrl = internalQueryGeneric({ args: {}, handler: () => process.env["CONVEX_CLOUD_URL"] ?? null });
  const listTables = internalQueryGeneric({
    args: { paginationOpts: paginationOptsValidator },
    handler: () => ({
      page: tables()
        .filter((name) => !name.startsWith("_"))
        .map((name) => ({ name })),
      isDone: true,
      continueCursor: "",
    }),
  });
  const tableData = internalQueryGeneric({
    args: {
      table: v.string(),
      order: v.union(v.literal("asc"), v.literal("desc")),
      paginationOpts: paginationOptsValidator,
    },
    handler: async (ctx, { table, order, paginationOpts }) =>
      await ctx.db.query(table).order(order).paginate(paginationOpts),
  });
  return [
    ...functionsOfModule("_system/cli/modules", { apiSpec }),
    ...functionsOfModule("_system/cli/convexUrl", { cloudUrl }),
    ...functionsOfModule("_system/cli/tables", { default: listTables }),
    ...functionsOfModule("_system/cli/tableData", { default: tableData }),
  ];
}
