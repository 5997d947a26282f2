import { useMutation, useQuery_experimental as useQueryResult } from "convex/react";
import { useEffect } from "react";
import { useLocation } from "react-router";
import { api } from "../../convex/_generated/api";
import { itemAt } from "./items";

/** Remembers what the person opens, once it is known that they may. */
export function RememberVisits() {
  const { pathname } = useLocation();
  const visit = useMutation(api.shortcuts.visit);
  const item = itemAt(pathname);
  const { status } = useQueryResult({ query: api.tree.path, args: item ?? "skip" });
  const { kind, resourceId } = item ?? {};
  const opened = status === "success";
  useEffect(() => {
    if (!opened || kind === undefined || resourceId === undefined) return;
    // Missing from the list of what was opened is no loss that anybody would have to be told of.
    visit({ kind, resourceId }).catch(() => undefined);
  }, [visit, opened, kind, resourceId]);
  return null;
}
