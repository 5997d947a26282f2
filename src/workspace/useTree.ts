/** The lists of the sidebar, a page at a time, live. `null` while the first page is on its way. */
import { usePaginatedQuery, useQuery_experimental as useQueryResult } from "convex/react";
import { api } from "../../convex/_generated/api";
import { convex } from "../app/convex";
import { useBlocked } from "../offline/blocked";
import { findRemembered } from "../offline/find-remembered";
import type { Item } from "./items";

/** More than a screen shows, so that scrolling finds what it goes to. */
const PAGE_ITEMS = 80;

export interface Listing {
  items: Item[] | null;
  /** There is more, which `loadMore` fetches. */
  more: boolean;
  loadMore: () => void;
}

type Page = ReturnType<typeof usePaginatedQuery<typeof api.tree.workspace>>;

function listingOf({ results, status, loadMore }: Page): Listing {
  return {
    items: status === "LoadingFirstPage" ? null : results,
    more: status === "CanLoadMore",
    loadMore: () => loadMore(PAGE_ITEMS),
  };
}

export function useWorkspaceList(workspaceId: string): Listing {
  return listingOf(usePaginatedQuery(api.tree.workspace, { workspaceId }, { initialNumItems: PAGE_ITEMS }));
}

export function useOwnList(workspaceId: string): Listing {
  return listingOf(usePaginatedQuery(api.tree.mine, { workspaceId }, { initialNumItems: PAGE_ITEMS }));
}

export function useListInside(documentId: string): Listing {
  return listingOf(usePaginatedQuery(api.tree.inside, { documentId }, { initialNumItems: PAGE_ITEMS }));
}

/** Empty while it is not known, and when it cannot be: these lists are missed by nobody who does not have them. */
export function useShared(): Item[] {
  const result = useQueryResult({ query: api.tree.shared, args: {} });
  return result.status === "success" ? result.data : [];
}

export function useFavourites(): Item[] {
  const result = useQueryResult({ query: api.shortcuts.favourites, args: {} });
  return result.status === "success" ? result.data : [];
}

/** What has the words in its title, offline among what is remembered; `null` while that is looked up. */
export function useFound(text: string): Item[] | null {
  const result = useQueryResult({ query: api.shortcuts.find, args: text === "" ? "skip" : { text } });
  const blocked = useBlocked();
  if (result.status === "success") return result.data;
  return blocked === null || text === "" ? null : findRemembered(convex.remembered(), text);
}
