import { IconFileText, IconShape } from "@tabler/icons-react";
import type { ResourceKind } from "../../protocol/rooms";

export function KindIcon({ kind, size = 18 }: { kind: ResourceKind; size?: number }) {
  const Icon = kind === "doc" ? IconFileText : IconShape;
  return <Icon size={size} stroke={1.6} aria-hidden="true" />;
}
