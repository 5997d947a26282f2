import { Menu, useMantineColorScheme, type MantineColorScheme } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDeviceFloppy, IconLogout } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { useReplayedPress } from "../app/useReplayedPress";
import { SignOutDialog } from "../auth/SignOutDialog";
import { useSignOut } from "../auth/useSignOut";
import { Who, type Account } from "./UserButton";

const CopiesDialog = lazy(() => import("../offline/CopiesDialog"));

const THEMES: { value: MantineColorScheme; label: string }[] = [
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
  { value: "auto", label: "Like the system" },
];

/** The theme, what this device keeps, and the way out. Opens by itself: somebody has asked for it. */
export default function UserMenu({ person }: { person: Account }) {
  const signOut = useSignOut();
  const { target, menu } = useReplayedPress();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [copiesOpened, copies] = useDisclosure(false);
  return (
    <>
      <SignOutDialog {...signOut} />
      {copiesOpened && (
        <Suspense>
          <CopiesDialog userId={person.userId} onClose={copies.close} />
        </Suspense>
      )}
      <Menu
        {...menu}
        position="top-start"
        width="target"
        shadow="md"
        withinPortal={false}
        withInitialFocusPlaceholder={false}
      >
        <Menu.Target>
          <Who ref={target} person={person} />
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Theme</Menu.Label>
          <Menu.RadioGroup
            value={colorScheme}
            onChange={(value) => {
              const chosen = THEMES.find((theme) => theme.value === value);
              if (chosen !== undefined) setColorScheme(chosen.value);
            }}
          >
            {THEMES.map(({ value, label }) => (
              <Menu.RadioItem key={value} value={value}>
                {label}
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
          <Menu.Divider />
          <Menu.Item leftSection={<IconDeviceFloppy size={16} aria-hidden="true" />} onClick={copies.open}>
            Offline copies
          </Menu.Item>
          <Menu.Item leftSection={<IconLogout size={16} aria-hidden="true" />} onClick={signOut.request}>
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
