/** `ctx.db`: reading, writing, queries. */
import { jsonToConvex, type JSONValue, type Value } from "convex/values";
import { z } from "zod";
import { valueOrUndefined } from "../query/filter";
import { readPage } from "../query/pagination";
import { openQuery } from "../query/query_stream";
import { SerializedQuery } from "../query/serialized";
import type { Catalog, DocumentFields } from "../store/catalog";
import { parseDocument } from "../store/transaction";
import { checkFieldNames } from "../values/field_names";
import { checkDocument } from "./document_check";
import type { Execution } from "./execution";
import type { FunctionSet } from "./function_set";
import { syscall, transactionOf, type AsyncSyscalls, type SyncSyscalls } from "./syscall";

const json = z.custom<JSONValue>((value) => value !== undefined);
const table = z.string().optional();
const Target = z.object({ id: json, table });
const Write = z.object({ id: json, value: json, table });

export function databaseSyscalls(functions: () => FunctionSet): { sync: SyncSyscalls; async: AsyncSyscalls } {
  const searches = () => functions().schema.searchIndexes;

  /** The table of a document that is about to be written, which has to exist. */
  function existing(execution: Execution, method: string, target: z.infer<typeof Target>) {
    const transaction = transactionOf(execution, `db.${method}`);
    assertMutation(execution, method);
    const { id, tableName } = resolveId(transaction.catalog, method, target);
    if (tableName.startsWith("_")) throw new Error("System tables (prefixed with `_`) are read-only.");
    const stored = transaction.get(tableName, id);
    if (stored === null) throw new Error(`${capital(method)} on nonexistent document ID ${id}`);
    return { transaction, id, tableName, document: parseDocument(stored) };
  }

  function checker(tableName: string, catalog: Catalog) {
    return (document: DocumentFields) =>
      checkDocument(functions().schema, tableName, document, catalog.tableOfId);
  }

  const sync: SyncSyscalls = {
    "1.0/queryStream": syscall(z.object({ query: SerializedQuery }), (execution, { query }) => {
      const transaction = transactionOf(execution, "db.query");
      const queryId = execution.nextStream++;
      execution.streams.set(queryId, openQuery(transaction, query, searches()));
      return JSON.stringify({ queryId });
    }),
    "1.0/queryCleanup": syscall(z.object({ queryId: z.number() }), (execution, { queryId }) =>
      JSON.stringify(execution.streams.delete(queryId)),
    ),
    "1.0/db/normalizeId": syscall(
      z.object({ table: z.string(), idString: z.string() }),
      (execution, args) => {
        const { catalog } = transactionOf(execution, "db.normalizeId");
        return JSON.stringify({ id: catalog.tableOfId(args.idString) === args.table ? args.idString : null });
      },
    ),
  };

  const async: AsyncSyscalls = {
    "1.0/get": syscall(Target.extend({ isSystem: z.boolean().default(false) }), (execution, target) => {
      const transaction = transactionOf(execution, "db.get");
      const { id, tableName } = resolveId(transaction.catalog, "get", target);
      if (tableName.startsWith("_") !== target.isSystem) {
        throw new Error(
          `${target.isSystem ? "User" : "System"} tables can only be accessed from db.${target.isSystem ? "" : "system."}get().`,
        );
      }
      return transaction.get(tableName, id) ?? "null";
    }),
    "1.0/queryStreamNext": syscall(z.object({ queryId: z.number() }), (execution, { queryId }) => {
      const row = execution.streams.get(queryId)?.next() ?? null;
      return row === null ? '{"value":null,"done":true}' : `{"value":${row.json},"done":false}`;
    }),
    "1.0/queryPage": syscall(
      z.object({
        query: SerializedQuery,
        cursor: z.string().nullable(),
        endCursor: z.string().nullish(),
        pageSize: z.number(),
        maximumRowsRead: z.number().nullish(),
      }),
      (execution, { query, cursor, endCursor, pageSize, maximumRowsRead }) => {
        const transaction = transactionOf(execution, "paginate");
        // There is one journal: a second query would be made to end where the first one did.
        if (execution.journal.current !== null) {
          throw new Error(
            "This query or mutation function ran multiple paginated queries. Convex only supports a single paginated query in each function.",
          );
        }
        const result = readPage(
          transaction,
          query,
          {
            cursor,
            // A page that runs again ends where it ended the first time.
            endCursor: endCursor ?? execution.journal.previous,
            pageSize,
            maximumRowsRead: maximumRowsRead ?? null,
          },
          searches(),
        );
        execution.journal.current = result.continueCursor;
        const { page, ...rest } = result;
        return `{"page":[${page.join(",")}],${JSON.stringify(rest).slice(1)}`;
      },
    ),
    "1.0/count": syscall(z.object({ table: z.string() }), (execution, args) =>
      JSON.stringify(transactionOf(execution, "count").count(args.table)),
    ),
    "1.0/insert": syscall(
      z.object({ table: z.string(), value: json }),
      (execution, { table: name, value }) => {
        const transaction = transactionOf(execution, "db.insert");
        assertMutation(execution, "insert");
        if (!/^[a-zA-Z][a-zA-Z0-9_]{0,63}$/.test(name)) throw new Error(`Invalid table name "${name}".`);
        const fields = objectOf(value, "insert");
        for (const field of ["_id", "_creationTime"]) {
          if (field in fields)
            throw new Error(`Provided document has a \`${field}\`: it is assigned by the database.`);
        }
        return JSON.stringify({ _id: transaction.insert(name, fields, checker(name, transaction.catalog)) });
      },
    ),
    "1.0/shallowMerge": syscall(Write, (execution, args) => {
      const { transaction, id, tableName, document } = existing(execution, "patch", args);
      const merged: DocumentFields = { ...document };
      for (const [field, value] of Object.entries(patchOf(args.value))) {
        assertSystemField(document, field, value);
        if (value === undefined) Reflect.deleteProperty(merged, field);
        else merged[field] = value;
      }
      transaction.replace(id, merged, checker(tableName, transaction.catalog));
      return "null";
    }),
    "1.0/replace": syscall(Write, (execution, args) => {
      const { transaction, id, tableName, document } = existing(execution, "replace", args);
      const fields = objectOf(args.value, "replace");
      for (const [field, value] of Object.entries(fields)) assertSystemField(document, field, value);
      const { _id = null, _creationTime = null } = document;
      transaction.replace(id, { ...fields, _id, _creationTime }, checker(tableName, transaction.catalog));
      return "null";
    }),
    "1.0/remove": syscall(Target, (execution, args) => {
      const { transaction, id } = existing(execution, "delete", args);
      transaction.remove(id);
      return "null";
    }),
  };
  return { sync, async };
}

function resolveId(catalog: Catalog, method: string, { id, table: expected }: z.infer<typeof Target>) {
  if (typeof id !== "string") {
    throw new Error(`Invalid argument \`id\` for \`db.${method}\`, expected string but got '${typeof id}'.`);
  }
  const tableName = catalog.tableOfId(id);
  if (tableName === null) {
    throw new Error(
      `Invalid argument \`id\` for \`db.${method}\`: Unable to decode ID: ${JSON.stringify(id)}`,
    );
  }
  if (expected !== undefined && expected !== tableName) {
    throw new Error(
      `Invalid argument \`id\` for \`db.${method}\`: expected an ID of table "${expected}", got "${id}" of table "${tableName}".`,
    );
  }
  return { id, tableName };
}

function assertMutation(execution: Execution, method: string): void {
  if (execution.kind !== "mutation") throw new Error(`db.${method} is only possible in mutations.`);
}

function assertSystemField(document: DocumentFields, field: string, value: Value | undefined): void {
  if ((field === "_id" || field === "_creationTime") && value !== document[field]) {
    throw new Error(`Provided \`${field}\` does not match the document's: it cannot be changed.`);
  }
}

function objectOf(value: JSONValue, method: string): DocumentFields {
  checkFieldNames(value);
  const parsed = jsonToConvex(value);
  if (
    parsed === null ||
    typeof parsed !== "object" ||
    Array.isArray(parsed) ||
    parsed instanceof ArrayBuffer
  ) {
    throw new Error(`The value of db.${method} must be an object.`);
  }
  return parsed as DocumentFields;
}

/** Fields to set, and fields to remove as `undefined`. */
function patchOf(value: JSONValue): Record<string, Value | undefined> {
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw new Error("The value of db.patch must be an object.");
  }
  checkFieldNames(value);
  return Object.fromEntries(Object.entries(value).map(([field, each]) => [field, valueOrUndefined(each)]));
}

function capital(method: string): string {
  return method === "patch" ? "Update" : method.charAt(0).toUpperCase() + method.slice(1);
}
