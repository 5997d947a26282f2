import { useMutation, useQuery_experimental as useQueryResult } from "convex/react";
import { useEffect } from "react";
import { useLocation } from "react-router";
import { api } from "../../convex/_generated/api";
import { failureOf } from "../app/messages";
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
    void visit({ kind, resourceId }).catch((error: unknown) => {
      // Taken away in the moment between: the page itself says so. Anything else is a fault, and rises.
      if (failureOf(error).kind !== "refused") throw error;
    });
  }, [visit, opened, kind, resourceId]);
  return null;
}
