/** Queries as the `convex` package hands them to the backend (server/impl/query_impl.ts). */
import { z } from "zod";
import type { JSONValue } from "convex/values";

/** `undefined` stands for a field that is absent. */
export const UNDEFINED_JSON = "$undefined";

const json = z.custom<JSONValue>((value) => value !== undefined);
const order = z.enum(["asc", "desc"]).nullable();

const RangeExpression = z.object({
  type: z.enum(["Eq", "Gt", "Gte", "Lt", "Lte"]),
  fieldPath: z.string(),
  value: json,
});
export type RangeExpression = z.infer<typeof RangeExpression>;

const SearchFilter = z.discriminatedUnion("type", [
  z.object({ type: z.literal("Search"), fieldPath: z.string(), value: z.string() }),
  z.object({ type: z.literal("Eq"), fieldPath: z.string(), value: json }),
]);
export type SearchFilter = z.infer<typeof SearchFilter>;

const Source = z.discriminatedUnion("type", [
  z.object({ type: z.literal("FullTableScan"), tableName: z.string(), order }),
  z.object({ type: z.literal("IndexRange"), indexName: z.string(), range: z.array(RangeExpression), order }),
  z.object({ type: z.literal("Search"), indexName: z.string(), filters: z.array(SearchFilter) }),
]);

const Operator = z.union([z.object({ filter: json }), z.object({ limit: z.number().int().nonnegative() })]);
export type Operator = z.infer<typeof Operator>;

export const SerializedQuery = z.object({ source: Source, operators: z.array(Operator) });
export type SerializedQuery = z.infer<typeof SerializedQuery>;
