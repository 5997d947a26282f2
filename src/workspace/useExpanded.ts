import { useLocalStorage } from "@mantine/hooks";
import { createContext, use, useCallback, useMemo } from "react";

/** So many open documents are remembered, the latest. */
const REMEMBERED = 200;

export interface Expanded {
  has: (resourceId: string) => boolean;
  set: (resourceId: string, expanded: boolean) => void;
}

/** Which documents of the tree are open, also after a reload. */
export function useExpandedStore(): Expanded {
  const [ids, setIds] = useLocalStorage<string[]>({
    key: "ripple-expanded",
    defaultValue: [],
    getInitialValueInEffect: false,
  });
  const set = useCallback<Expanded["set"]>(
    (resourceId, expanded) =>
      setIds((before) => {
        if (before.includes(resourceId) === expanded) return before;
        const others = before.filter((id) => id !== resourceId);
        return expanded ? [...others, resourceId].slice(-REMEMBERED) : others;
      }),
    [setIds],
  );
  return useMemo(() => {
    const open = new Set(ids);
    return { has: (resourceId) => open.has(resourceId), set };
  }, [ids, set]);
}

export const ExpandedContext = createContext<Expanded | null>(null);

export function useExpanded(): Expanded {
  const expanded = use(ExpandedContext);
  if (expanded === null) throw new Error("useExpanded needs an ExpandedContext around it");
  return expanded;
}
