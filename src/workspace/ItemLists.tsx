import { Skeleton, Text } from "@mantine/core";
import { useId } from "react";
import { ItemRow } from "./ItemRow";
import classes from "./ItemLists.module.css";
import { groupItems, type Item } from "./items";
import type { Items } from "./useItems";

/** The sidebar's lists, or what stands in for them while they load or when they cannot. */
export function ItemLists({ items }: { items: Items }) {
  switch (items.status) {
    case "loading":
      return <ItemsSkeleton />;
    case "failed":
      return (
        <p role="status" className={classes.failed}>
          Your documents and diagrams could not be loaded. Reload the page to try again.
        </p>
      );
    case "ready": {
      const { documents, diagrams, shared } = groupItems(items.items);
      return (
        <>
          <ItemList title="Documents" items={documents} empty="No documents yet." />
          <ItemList title="Diagrams" items={diagrams} empty="No diagrams yet." />
          {shared.length > 0 && <ItemList title="Shared with me" items={shared} />}
        </>
      );
    }
  }
}

function ItemList({ title, items, empty }: { title: string; items: Item[]; empty?: string }) {
  const headingId = useId();
  return (
    <section>
      <h2 id={headingId} className={classes.heading}>
        {title}
      </h2>
      {items.length === 0 ? (
        <Text size="sm" c="dimmed" className={classes.empty}>
          {empty}
        </Text>
      ) : (
        <ul className={classes.list} aria-labelledby={headingId}>
          {items.map((item) => (
            <ItemRow key={item.id} item={item} />
          ))}
        </ul>
      )}
    </section>
  );
}

export function ItemsSkeleton() {
  return (
    <div aria-hidden="true" className={classes.skeleton}>
      {[72, 54, 88, 63].map((width) => (
        <Skeleton key={width} height={14} width={`${width}%`} radius="sm" />
      ))}
    </div>
  );
}
