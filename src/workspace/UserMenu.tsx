import {
  Menu,
  Skeleton,
  UnstyledButton,
  useMantineColorScheme,
  VisuallyHidden,
  type MantineColorScheme,
} from "@mantine/core";
import { IconLogout, IconSelector } from "@tabler/icons-react";
import { useQuery } from "convex/react";
import { api } from "../../convex/_generated/api";
import { PersonAvatar } from "../app/PersonAvatar";
import { SignOutDialog } from "../auth/SignOutDialog";
import { useSignOut } from "../auth/useSignOut";
import classes from "./UserMenu.module.css";

const THEMES: { value: MantineColorScheme; label: string }[] = [
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
  { value: "auto", label: "Like the system" },
];

/** Who is signed in, the theme, and the way out. */
export default function UserMenu() {
  const me = useQuery(api.users.me);
  const signOut = useSignOut();
  const { colorScheme, setColorScheme } = useMantineColorScheme();

  if (me === undefined || me === null) return <Skeleton height={44} radius="md" aria-hidden="true" />;

  return (
    <>
      <SignOutDialog {...signOut} />
      <Menu
        position="top-start"
        width="target"
        shadow="md"
        withinPortal={false}
        withInitialFocusPlaceholder={false}
      >
        <Menu.Target>
          <UnstyledButton className={classes.target}>
            <PersonAvatar name={me.name} color={me.color} />
            <span className={classes.who}>
              <VisuallyHidden>Account:</VisuallyHidden>
              <span className={classes.name}>{me.name}</span>
              <span className={classes.email}>{me.email ?? "Guest"}</span>
            </span>
            <IconSelector size={16} aria-hidden="true" />
          </UnstyledButton>
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
          <Menu.Item leftSection={<IconLogout size={16} aria-hidden="true" />} onClick={signOut.request}>
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
