/** Runs one query of `ctx.db.query(…)`: a source of rows, then filters and limits in the order they were chained. */
import type { Transaction } from "../store/transaction";
import { parseDocument } from "../store/transaction";
import { indexName } from "../store/read_set";
import { matches } from "./filter";
import { keyRange, WHOLE_INDEX, type KeyRange } from "./index_range";
import { RangeCursor } from "./range_cursor";
import { searchRows } from "./search";
import type { Operator, SerializedQuery } from "./serialized";
import type { SearchIndexes } from "./search";

/** Where rows come from; `null` at the end. `key` orders them, for cursors. */
export interface RowSource {
  next(): { key: string; json: string } | null;
}

export interface OrderedRange {
  table: string;
  index: string;
  range: KeyRange;
  order: "asc" | "desc";
}

const EMPTY: RowSource = { next: () => null };

/** The index range that a query walks, or `null` for a search. */
export function orderedRange(transaction: Transaction, query: SerializedQuery): OrderedRange | null {
  const { source } = query;
  switch (source.type) {
    case "Search":
      return null;
    case "FullTableScan":
      return {
        table: source.tableName,
        index: "by_creation_time",
        range: WHOLE_INDEX,
        order: source.order ?? "asc",
      };
    case "IndexRange": {
      const [table, name] = splitIndexName(source.indexName);
      const index = transaction.catalog.table(table)?.indexes.get(name);
      if (index === undefined) {
        // A table without documents may not exist yet; its two own indexes always do.
        if (transaction.catalog.table(table) === undefined && isOwnIndex(name)) {
          return { table, index: name, range: WHOLE_INDEX, order: source.order ?? "asc" };
        }
        throw new Error(`Index ${source.indexName} not found.`);
      }
      return { table, index: name, range: keyRange(index, source.range), order: source.order ?? "asc" };
    }
  }
}

/** The rows of a query. */
export function openQuery(
  transaction: Transaction,
  query: SerializedQuery,
  searches: SearchIndexes,
): RowSource {
  const ordered = orderedRange(transaction, query);
  if (ordered === null) {
    if (query.source.type !== "Search") throw new Error("unreachable: only a search has no order");
    const [table, name] = splitIndexName(query.source.indexName);
    return applyOperators(
      searchRows(transaction, searches, table, name, query.source.filters),
      query.operators,
    );
  }
  return applyOperators(openRange(transaction, ordered, expectedRows(query.operators)), query.operators);
}

/** The rows of a range, before any operator. */
export function openRange(transaction: Transaction, ordered: OrderedRange, expected?: number): RowSource {
  const { table, index: name, range, order } = ordered;
  const index = transaction.catalog.table(table)?.indexes.get(name);
  if (index === undefined) {
    transaction.countQuery();
    transaction.reads.add({ index: indexName(table, name), ...range });
    return EMPTY;
  }
  return new RangeCursor(transaction, index, range, order, expected);
}

/** Applies filters and limits in their order. */
export function applyOperators(source: RowSource, operators: readonly Operator[]): RowSource {
  const taken = operators.map(() => 0);
  const full = () =>
    operators.some((operator, i) => "limit" in operator && (taken[i] ?? 0) >= operator.limit);
  return {
    next() {
      while (!full()) {
        const row = source.next();
        if (row === null) return null;
        if (passes(row.json)) return row;
      }
      return null;
    },
  };

  function passes(json: string): boolean {
    let document: ReturnType<typeof parseDocument> | null = null;
    for (const [i, operator] of operators.entries()) {
      if ("limit" in operator) {
        taken[i] = (taken[i] ?? 0) + 1;
      } else {
        document ??= parseDocument(json);
        if (!matches(operator.filter, document)) return false;
      }
    }
    return true;
  }
}

function expectedRows(operators: readonly Operator[]): number | undefined {
  const [first] = operators;
  return first !== undefined && "limit" in first ? Math.max(1, first.limit) : undefined;
}

function splitIndexName(indexName: string): [table: string, index: string] {
  const dot = indexName.indexOf(".");
  return [indexName.slice(0, dot), indexName.slice(dot + 1)];
}

function isOwnIndex(name: string): boolean {
  return name === "by_id" || name === "by_creation_time";
}
