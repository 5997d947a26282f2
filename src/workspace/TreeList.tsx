import { Skeleton, Text } from "@mantine/core";
import { useEffect, useId, useMemo, useRef, type ReactNode } from "react";
import type { Item } from "./items";
import classes from "./TreeList.module.css";
import { TreeRow } from "./TreeRow";
import { useExpanded } from "./useExpanded";
import type { Destination } from "./useItemActions";
import { useListInside, type Listing } from "./useTree";
import { useTreeMoves } from "./useTreeMoves";

interface SectionProps {
  title: string;
  children: (headingId: string) => ReactNode;
}

/** One list of the sidebar with its heading. */
export function Section({ title, children }: SectionProps) {
  const headingId = useId();
  return (
    <section>
      <h2 id={headingId} className={classes.heading} dir="auto">
        {title}
      </h2>
      {children(headingId)}
    </section>
  );
}

interface ListProps {
  listing: Listing;
  /** Where in the tree this list is. */
  place: Destination;
  depth: number;
  labelledBy?: string;
  empty: string;
}

/** Neighbours in the tree, and what lies in those that are open. More are fetched as one scrolls to the end. */
export function TreeList({ listing, place, depth, labelledBy, empty }: ListProps) {
  const { items, more, loadMore } = listing;
  if (items === null) return <ItemsSkeleton />;
  if (items.length === 0 && !more) {
    return (
      <Text size="sm" c="dimmed" className={classes.empty} style={{ paddingInlineStart: 20 + depth * 14 }}>
        {empty}
      </Text>
    );
  }
  return (
    <ul className={classes.list} aria-labelledby={labelledBy}>
      <Rows items={items} place={place} depth={depth} />
      {more && <Sentinel onSeen={loadMore} />}
    </ul>
  );
}

function Rows({ items, place, depth }: { items: Item[]; place: Destination; depth: number }) {
  const expanded = useExpanded();
  const tree = useTreeMoves(place, items);
  return items.map((item) => {
    const open = item.hasChildren && expanded.has(item.resourceId);
    return (
      <li key={item.resourceId}>
        <TreeRow item={item} depth={depth} expanded={open} tree={tree} onExpand={expanded.set} />
        {open && <Inside item={item} depth={depth + 1} />}
      </li>
    );
  });
}

function Inside({ item, depth }: { item: Item; depth: number }) {
  const listing = useListInside(item.resourceId);
  const place = useMemo(() => ({ kind: "inside", documentId: item.resourceId }) as const, [item.resourceId]);
  return <TreeList listing={listing} place={place} depth={depth} empty="Nothing in here." />;
}

/** Items that are not neighbours: favourites, what was shared, what was found. Their order is not one's to change. */
export function FlatList({ items, labelledBy }: { items: Item[]; labelledBy?: string }) {
  const expanded = useExpanded();
  return (
    <ul className={classes.list} aria-labelledby={labelledBy}>
      {items.map((item) => {
        const open = item.hasChildren && expanded.has(item.resourceId);
        return (
          <li key={item.resourceId}>
            <TreeRow item={item} depth={0} expanded={open} tree={null} onExpand={expanded.set} />
            {open && <Inside item={item} depth={1} />}
          </li>
        );
      })}
    </ul>
  );
}

/** Stands where the next page will be. */
function Sentinel({ onSeen }: { onSeen: () => void }) {
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (row.current === null) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) onSeen();
      },
      { rootMargin: "600px" },
    );
    observer.observe(row.current);
    return () => observer.disconnect();
  }, [onSeen]);
  return (
    <li ref={row}>
      <ItemsSkeleton />
    </li>
  );
}

export function ItemsSkeleton() {
  return (
    <div aria-hidden="true" className={classes.skeleton}>
      {[72, 54, 88].map((width) => (
        <Skeleton key={width} height={14} width={`${width}%`} radius="sm" />
      ))}
    </div>
  );
}
