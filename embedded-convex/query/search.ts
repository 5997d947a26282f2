/**
 * Search indexes. Every document of the table is looked at, and ranked by how many of the words it has, the last
 * word also as a prefix. Convex ranks by BM25 over an inverted index: the same documents, another order.
 */
import { compareValues, getDocumentSize } from "convex/values";
import { fieldAt } from "../store/catalog";
import { parseDocument, type Transaction } from "../store/transaction";
import { valueOrUndefined } from "./filter";
import { WHOLE_INDEX } from "./index_range";
import { openRange, type RowSource } from "./query_stream";
import type { SearchFilter } from "./serialized";

/** As Convex: a search returns at most this many documents. */
const MAX_RESULTS = 1_024;

export interface SearchIndex {
  searchField: string;
  filterFields: readonly string[];
}

/** By `table.index`. */
export type SearchIndexes = ReadonlyMap<string, SearchIndex>;

export function searchRows(
  transaction: Transaction,
  searches: SearchIndexes,
  table: string,
  name: string,
  filters: readonly SearchFilter[],
): RowSource {
  const index = searches.get(`${table}.${name}`);
  if (index === undefined) throw new Error(`Search index ${table}.${name} not found.`);
  const words: string[] = [];
  for (const filter of filters) {
    if (filter.type === "Search") {
      if (filter.fieldPath !== index.searchField) {
        throw new Error(
          `Search index ${table}.${name} searches "${index.searchField}", not "${filter.fieldPath}".`,
        );
      }
      words.push(...wordsOf(filter.value));
    } else if (!index.filterFields.includes(filter.fieldPath)) {
      throw new Error(`Search index ${table}.${name} has no filter field "${filter.fieldPath}".`);
    }
  }
  const source = openRange(transaction, {
    table,
    index: "by_creation_time",
    range: WHOLE_INDEX,
    order: "desc",
  });
  const found: { score: number; key: string; json: string; size: number }[] = [];
  // An inverted index would read only what is found, so nothing else counts.
  const nextRow = () => transaction.asServer(() => source.next());
  for (let row = nextRow(); row !== null; row = nextRow()) {
    const document = parseDocument(row.json);
    const fits = filters.every(
      (filter) =>
        filter.type === "Search" ||
        compareValues(fieldAt(document, filter.fieldPath), valueOrUndefined(filter.value)) === 0,
    );
    if (!fits) continue;
    const text = fieldAt(document, index.searchField);
    const score = typeof text === "string" ? rank(words, wordsOf(text)) : 0;
    if (score > 0) found.push({ score, key: row.key, json: row.json, size: getDocumentSize(document) });
  }
  // The sort is stable: of equal scores the newer document comes first.
  found.sort((a, b) => b.score - a.score);
  let position = 0;
  const results = found.slice(0, MAX_RESULTS);
  return {
    next: () => {
      const row = results[position++] ?? null;
      if (row !== null) transaction.countRead(row.size);
      return row;
    },
  };
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

function rank(wanted: readonly string[], present: readonly string[]): number {
  const last = wanted.at(-1);
  let score = 0;
  for (const word of wanted) {
    const exact = present.filter((each) => each === word).length;
    score += exact * 2;
    if (exact === 0 && word === last && present.some((each) => each.startsWith(word))) score += 1;
  }
  return score;
}
