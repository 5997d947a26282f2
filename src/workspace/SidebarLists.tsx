import { Text } from "@mantine/core";
import { useQuery_experimental as useQueryResult } from "convex/react";
import { useEffect, useState } from "react";
import { useLocation } from "react-router";
import { api } from "../../convex/_generated/api";
import { itemAt, type Item } from "./items";
import { FlatList, ItemsSkeleton, Section, TreeList } from "./TreeList";
import classes from "./TreeList.module.css";
import { ExpandedContext, useExpanded, useExpandedStore } from "./useExpanded";
import type { Destination } from "./useItemActions";
import { useFavourites, useFound, useOwnList, useShared, useWorkspaceList } from "./useTree";
import { Dragged, DraggedContext } from "./useTreeMoves";
import type { Workspace } from "./useWorkspace";

const WORKSPACE: Destination = { kind: "top", shelf: "workspace" };
const PRIVATE: Destination = { kind: "top", shelf: "private" };

/** What the sidebar shows of one workspace. */
export function SidebarLists({ workspace }: { workspace: Workspace }) {
  const expanded = useExpandedStore();
  const [dragged] = useState(() => new Dragged());
  return (
    <ExpandedContext value={expanded}>
      <DraggedContext value={dragged}>
        <ShowCurrent />
        <Favourites />
        {workspace.role === "guest" ? null : workspace.personal ? (
          <Own workspaceId={workspace.workspaceId} title="Documents and diagrams" />
        ) : (
          <>
            <Common workspaceId={workspace.workspaceId} name={workspace.name} />
            <Own workspaceId={workspace.workspaceId} title="Private" />
          </>
        )}
        <Shared guest={workspace.role === "guest"} />
      </DraggedContext>
    </ExpandedContext>
  );
}

function Common({ workspaceId, name }: { workspaceId: string; name: string }) {
  const listing = useWorkspaceList(workspaceId);
  return (
    <Section title={name}>
      {(id) => (
        <TreeList
          listing={listing}
          place={WORKSPACE}
          depth={0}
          labelledBy={id}
          empty="Nothing yet. What you make is here for everybody in this workspace."
        />
      )}
    </Section>
  );
}

function Own({ workspaceId, title }: { workspaceId: string; title: string }) {
  const listing = useOwnList(workspaceId);
  return (
    <Section title={title}>
      {(id) => (
        <TreeList listing={listing} place={PRIVATE} depth={0} labelledBy={id} empty="Nothing here yet." />
      )}
    </Section>
  );
}

/** What lies in it is shown where it is in the tree. */
function closed(item: Item): Item {
  return { ...item, hasChildren: false };
}

function Favourites() {
  const items = useFavourites();
  if (items.length === 0) return null;
  return (
    <Section title="Favourites">{(id) => <FlatList items={items.map(closed)} labelledBy={id} />}</Section>
  );
}

function Shared({ guest }: { guest: boolean }) {
  const items = useShared();
  if (items.length === 0 && !guest) return null;
  return (
    <Section title="Shared with me">
      {(id) =>
        items.length === 0 ? (
          <Text size="sm" c="dimmed" className={classes.empty}>
            Nothing yet. You are a guest here: you see what somebody shares with you.
          </Text>
        ) : (
          <FlatList items={items} labelledBy={id} />
        )
      }
    </Section>
  );
}

/** Instead of the lists while somebody types into the filter. */
export function FoundList({ text }: { text: string }) {
  const expanded = useExpandedStore();
  const found = useFound(text);
  return (
    <ExpandedContext value={expanded}>
      <Section title="Found">
        {(id) =>
          found === null ? (
            <ItemsSkeleton />
          ) : found.length === 0 ? (
            <Text size="sm" c="dimmed" className={classes.empty} role="status">
              Nothing has this in its title.
            </Text>
          ) : (
            <FlatList items={found.map(closed)} labelledBy={id} />
          )
        }
      </Section>
    </ExpandedContext>
  );
}

/** Opens the documents around the one that the page shows, so that it can be seen where it is. */
function ShowCurrent() {
  const { pathname } = useLocation();
  const item = itemAt(pathname);
  const path = useQueryResult({ query: api.tree.path, args: item ?? "skip" });
  const { set } = useExpanded();
  const around = path.status === "success" ? path.data.slice(0, -1) : [];
  const ids = around.map(({ resourceId }) => resourceId).join();
  useEffect(() => {
    for (const id of ids.split(",")) if (id !== "") set(id, true);
  }, [ids, set]);
  return null;
}
