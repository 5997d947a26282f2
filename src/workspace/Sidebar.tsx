import { ActionIcon, Button, Skeleton } from "@mantine/core";
import { IconLayoutSidebarLeftCollapse } from "@tabler/icons-react";
import { useQuery } from "convex/react";
import { lazy, Suspense } from "react";
import { Link } from "react-router";
import { api } from "../../convex/_generated/api";
import { Logo } from "../app/Logo";
import { ItemLists } from "./ItemLists";
import { KindIcon } from "./KindIcon";
import classes from "./Sidebar.module.css";
import { useCreateItem } from "./useCreateItem";
import { useItems } from "./useItems";

// Positioning a menu takes as much code as the rest of the sidebar; the lists need not wait for it.
const UserMenu = lazy(() => import("./UserMenu"));

/** The way to everything: the workspace, what is new, what there is, and the person's own menu. */
export function Sidebar({ onClose }: { onClose: () => void }) {
  const items = useItems();
  const { create, creating } = useCreateItem();
  const workspaces = useQuery(api.workspaces.list);
  const personal = workspaces?.find((workspace) => workspace.personal);

  return (
    <nav aria-label="Workspace" className={classes.sidebar}>
      <div className={classes.top}>
        <Link to="/" className={classes.workspace}>
          <Logo size={26} />
          {personal === undefined ? (
            <Skeleton height={16} width={130} radius="sm" aria-hidden="true" />
          ) : (
            <span className={classes.name}>{personal.name}</span>
          )}
        </Link>
        <ActionIcon
          variant="subtle"
          color="gray"
          className={classes.close}
          aria-label="Hide sidebar"
          onClick={onClose}
        >
          <IconLayoutSidebarLeftCollapse size={20} stroke={1.6} aria-hidden="true" />
        </ActionIcon>
      </div>
      <div className={classes.create}>
        <Button
          variant="default"
          justify="flex-start"
          leftSection={<KindIcon kind="doc" />}
          loading={creating === "doc"}
          onClick={() => void create("doc")}
        >
          New document
        </Button>
        <Button
          variant="default"
          justify="flex-start"
          leftSection={<KindIcon kind="diagram" />}
          loading={creating === "diagram"}
          onClick={() => void create("diagram")}
        >
          New diagram
        </Button>
      </div>
      <div className={classes.lists}>
        <ItemLists items={items} />
      </div>
      <div className={classes.bottom}>
        <Suspense fallback={<Skeleton height={44} radius="md" aria-hidden="true" />}>
          <UserMenu />
        </Suspense>
      </div>
    </nav>
  );
}
