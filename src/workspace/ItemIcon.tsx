import type { Item } from "./items";
import { KindIcon } from "./KindIcon";

/** The emoji that people chose for a document or diagram, or its kind's own icon. Decorative: the title stands beside it. */
export function ItemIcon({ item, size = 18 }: { item: Pick<Item, "kind" | "icon">; size?: number }) {
  if (item.icon === null) return <KindIcon kind={item.kind} size={size} />;
  return (
    <span aria-hidden="true" style={{ flex: "none", width: size, fontSize: size * 0.9, lineHeight: 1 }}>
      {item.icon}
    </span>
  );
}
