import { useLocalStorage } from "@mantine/hooks";
import { useQuery } from "convex/react";
import type { FunctionReturnType } from "convex/server";
import { createContext, use, useMemo } from "react";
import { api } from "../../convex/_generated/api";

export type Workspace = FunctionReturnType<typeof api.workspaces.list>[number];

export interface Workspaces {
  all: Workspace[];
  /** The one that the sidebar shows. */
  current: Workspace;
  choose: (workspaceId: string) => void;
}

const STORAGE_KEY = "ripple-workspace";

/** The workspace that the person has chosen in this browser, also for pages that have no sidebar; and choosing one. */
export function useChosenWorkspace() {
  return useLocalStorage<string | null>({
    key: STORAGE_KEY,
    defaultValue: null,
    getInitialValueInEffect: false,
  });
}

/** The person's workspaces and the one that they are in now; `null` while they are not known. */
export function useWorkspacesOfPerson(): Workspaces | null {
  const all = useQuery(api.workspaces.list);
  const [chosen, choose] = useChosenWorkspace();
  return useMemo(() => {
    // The personal one comes first: that is where they are who left the workspace that they were in.
    const current = all?.find(({ workspaceId }) => workspaceId === chosen) ?? all?.[0];
    return all === undefined || current === undefined ? null : { all, current, choose };
  }, [all, chosen, choose]);
}

export const WorkspacesContext = createContext<Workspaces | null>(null);

/** `null` while they are not known. */
export function useWorkspaces(): Workspaces | null {
  return use(WorkspacesContext);
}
