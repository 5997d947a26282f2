import { useMantineColorScheme } from "@mantine/core";
import { IconKeyboard, IconMoon, IconSitemap, IconSun, IconTrash, IconUsers } from "@tabler/icons-react";
import { useQuery_experimental as useQueryResult } from "convex/react";
import type { ReactNode } from "react";
import { useNavigate } from "react-router";
import { api } from "../../convex/_generated/api";
import { PersonAvatar } from "../app/PersonAvatar";
import { useBlocked } from "../offline/blocked";
import { KindIcon } from "./KindIcon";
import { useCreateItem } from "./useCreateItem";
import { useWorkspaces } from "./useWorkspace";

export interface Command {
  key: string;
  name: string;
  /** What kind of thing it is. */
  hint: string;
  icon: ReactNode;
  /** Offered before anything is typed. */
  always: boolean;
  /** Why it cannot be done now; `null` if it can. */
  blocked: string | null;
  run: () => void;
}

const SIZE = 18;

/** Everything with a name that is no document or diagram: what can be done, workspaces, and people. */
export function useCommands(onShowShortcuts: () => void, asked: string): Command[] {
  const navigate = useNavigate();
  const { create } = useCreateItem();
  const workspaces = useWorkspaces();
  const { setColorScheme } = useMantineColorScheme();
  const { workspaceId, personal, role } = workspaces?.current ?? {};
  const hasPeople = workspaceId !== undefined && personal === false && role !== "guest";
  const members = useQueryResult({
    query: api.workspaces.findMembers,
    args: hasPeople && asked !== "" ? { workspaceId, text: asked } : "skip",
  });

  const action = (name: string, icon: ReactNode, run: () => void, always = false): Command => ({
    key: name,
    name,
    hint: "Action",
    icon,
    always,
    blocked: null,
    run,
  });
  const blocked = useBlocked();
  const go = (path: string) => () => void navigate(path);
  const actions = [
    { ...action("New document", <KindIcon kind="doc" />, () => void create("doc"), true), blocked },
    { ...action("New diagram", <KindIcon kind="diagram" />, () => void create("diagram"), true), blocked },
    action("Workspace and people", <IconUsers size={SIZE} />, go(`/w/${workspaceId ?? ""}`), true),
    action("Trash", <IconTrash size={SIZE} />, go("/trash"), true),
    action("Keyboard shortcuts", <IconKeyboard size={SIZE} />, onShowShortcuts, true),
    action("Light theme", <IconSun size={SIZE} />, () => setColorScheme("light")),
    action("Dark theme", <IconMoon size={SIZE} />, () => setColorScheme("dark")),
  ];
  const others = (workspaces?.all ?? []).map((workspace): Command => ({
    key: workspace.workspaceId,
    name: workspace.name,
    hint: "Workspace",
    icon: <IconSitemap size={SIZE} />,
    always: false,
    blocked: null,
    run: () => {
      workspaces?.choose(workspace.workspaceId);
      void navigate("/");
    },
  }));
  const people = (members.status === "success" ? members.data : []).map(({ person }): Command => ({
    key: person.userId,
    name: person.name,
    hint: "Person",
    icon: <PersonAvatar name={person.name} color={person.color} size={22} />,
    always: false,
    blocked: null,
    run: go(`/w/${workspaceId ?? ""}`),
  }));
  return [...actions, ...others, ...people];
}
