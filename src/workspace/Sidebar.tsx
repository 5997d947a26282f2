import { ActionIcon, Button, CloseButton, Skeleton, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconLayoutSidebarLeftCollapse, IconSearch, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { Link, NavLink } from "react-router";
import { ErrorBoundary } from "../app/ErrorBoundary";
import { Logo } from "../app/Logo";
import { AsOf } from "../offline/AsOf";
import { blockedProps, useBlocked } from "../offline/blocked";
import { KindIcon } from "./KindIcon";
import { goToRow } from "./row-keys";
import { FoundList, SidebarLists } from "./SidebarLists";
import { ItemsSkeleton } from "./TreeList";
import classes from "./Sidebar.module.css";
import treeClasses from "./TreeList.module.css";
import { useCreateItem } from "./useCreateItem";
import { UserButton } from "./UserButton";
import { useWorkspaces } from "./useWorkspace";
import { WorkspaceSwitch } from "./WorkspaceSwitch";

const TYPING_PAUSE_MS = 120;

/** The way to everything: the workspace, what is new, what there is, and the person's own menu. */
export function Sidebar({ onClose }: { onClose: () => void }) {
  const { create, creating } = useCreateItem();
  const blocked = useBlocked();
  const workspaces = useWorkspaces();
  const [filter, setFilter] = useState("");
  const [asked] = useDebouncedValue(filter.trim(), TYPING_PAUSE_MS);

  return (
    <nav aria-label="Workspace" className={classes.sidebar}>
      <div className={classes.top}>
        <Link to="/" className={classes.workspace}>
          <Logo size={26} />
          {workspaces === null ? (
            <Skeleton height={16} width={130} radius="sm" aria-hidden="true" />
          ) : (
            <span className={classes.name} dir="auto">
              {workspaces.current.name}
            </span>
          )}
        </Link>
        {workspaces === null ? <span className={classes.place} /> : <WorkspaceSwitch />}
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
          {...blockedProps(blocked)}
        >
          New document
        </Button>
        <Button
          variant="default"
          justify="flex-start"
          leftSection={<KindIcon kind="diagram" />}
          loading={creating === "diagram"}
          onClick={() => void create("diagram")}
          {...blockedProps(blocked)}
        >
          New diagram
        </Button>
        <TextInput
          aria-label="Filter the lists"
          placeholder="Filter by title"
          value={filter}
          maxLength={200}
          leftSection={<IconSearch size={16} stroke={1.6} aria-hidden="true" />}
          rightSection={
            filter !== "" && (
              <CloseButton size="sm" aria-label="Clear the filter" onClick={() => setFilter("")} />
            )
          }
          onChange={(event) => setFilter(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Escape" || filter === "") return;
            // One Escape does one thing: it would also close the sidebar on a narrow screen.
            event.stopPropagation();
            setFilter("");
          }}
        />
      </div>
      <div className={classes.lists} onKeyDown={goToRow}>
        <AsOf />
        <ErrorBoundary fallback={<ListsFailed />}>
          {workspaces === null ? (
            <ItemsSkeleton />
          ) : asked === "" ? (
            <SidebarLists key={workspaces.current.workspaceId} workspace={workspaces.current} />
          ) : (
            <FoundList text={asked} />
          )}
        </ErrorBoundary>
      </div>
      <div className={classes.bottom}>
        <NavLink to="/trash" className={classes.trash}>
          <IconTrash size={18} stroke={1.6} aria-hidden="true" />
          Trash
        </NavLink>
        <UserButton />
      </div>
    </nav>
  );
}

function ListsFailed() {
  return (
    <p role="status" className={treeClasses.failed}>
      Your documents and diagrams could not be loaded. Reload the page to try again.
    </p>
  );
}
