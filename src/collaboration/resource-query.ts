import { useQueries } from "convex/react";
import {
  getFunctionName,
  makeFunctionReference,
  type FunctionReference,
  type FunctionReturnType,
} from "convex/server";
import { useMemo } from "react";
import { failureOf, type Failure } from "../app/messages";

export type Resource<Summary> =
  | { kind: "loading" }
  | { kind: "found"; summary: Summary }
  | { kind: "failed"; failure: Failure; error: Error };

export type SummaryQuery = FunctionReference<"query", "public", Record<string, string>>;

/**
 * What a live query says about a document or diagram. Unlike `useQuery` it returns a refusal instead of throwing
 * it, so that a page which lost access shows its content again as soon as access is given back.
 */
export function useResource<Query extends SummaryQuery>(
  query: Query,
  args: Query["_args"],
): Resource<FunctionReturnType<Query>> {
  // `api.x.y` is another object each time it is read, and `useQueries` wants the same ones for the same question.
  const name = getFunctionName(query);
  const argsText = JSON.stringify(args);
  const queries = useMemo(() => {
    const sameArgs = JSON.parse(argsText) as Query["_args"];
    return { resource: { query: makeFunctionReference<"query">(name), args: sameArgs } };
  }, [name, argsText]);
  const resource = useQueries(queries).resource as FunctionReturnType<Query> | Error | undefined;
  if (resource === undefined) return { kind: "loading" };
  if (resource instanceof Error) return { kind: "failed", failure: failureOf(resource), error: resource };
  return { kind: "found", summary: resource };
}
