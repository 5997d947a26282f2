import { ActionIcon } from "@mantine/core";
import { IconSelector } from "@tabler/icons-react";
import { lazy, Suspense, useState, type ComponentProps } from "react";

const loadMenu = () => import("./WorkspaceMenu");
const WorkspaceMenu = lazy(loadMenu);

/** Opens the menu of workspaces, which is fetched when somebody reaches for it. */
export function WorkspaceSwitch() {
  /** Somebody has asked for the menu; from then on it is there. */
  const [menu, setMenu] = useState(false);
  const button = (
    <SwitchButton aria-haspopup="menu" onPointerEnter={() => void loadMenu()} onClick={() => setMenu(true)} />
  );
  if (!menu) return button;
  return (
    <Suspense fallback={button}>
      <WorkspaceMenu />
    </Suspense>
  );
}

/** The button itself, without and with its menu. */
export function SwitchButton(button: ComponentProps<typeof ActionIcon<"button">>) {
  return (
    <ActionIcon variant="subtle" color="gray" aria-label="Switch workspace" {...button}>
      <IconSelector size={18} stroke={1.6} aria-hidden="true" />
    </ActionIcon>
  );
}
