import { Skeleton, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { IconSelector } from "@tabler/icons-react";
import { useQuery } from "convex/react";
import { lazy, Suspense, useState, type ComponentProps } from "react";
import { api } from "../../convex/_generated/api";
import { PersonAvatar } from "../app/PersonAvatar";
import classes from "./UserButton.module.css";

const loadMenu = () => import("./UserMenu");
const UserMenu = lazy(loadMenu);

/** Who is signed in, and on demand what they can do about that. */
export function UserButton() {
  const me = useQuery(api.users.me);
  /** Somebody has asked for the menu; from then on it is there. */
  const [menu, setMenu] = useState(false);
  if (me === undefined || me === null) return <Skeleton height={44} radius="md" aria-hidden="true" />;
  const button = (
    <Who
      person={me}
      aria-haspopup="menu"
      onPointerEnter={() => void loadMenu()}
      onClick={() => setMenu(true)}
    />
  );
  if (!menu) return button;
  return (
    <Suspense fallback={button}>
      <UserMenu person={me} />
    </Suspense>
  );
}

export interface Account {
  userId: string;
  name: string;
  color: string;
  email: string | null;
}

/** The button itself, without and with its menu. */
export function Who({
  person,
  ...button
}: { person: Account } & ComponentProps<typeof UnstyledButton<"button">>) {
  return (
    <UnstyledButton className={classes.target} {...button}>
      <PersonAvatar name={person.name} color={person.color} />
      <span className={classes.who}>
        <VisuallyHidden>Account:</VisuallyHidden>
        <span className={classes.name}>{person.name}</span>
        <span className={classes.email}>{person.email ?? "Guest"}</span>
      </span>
      <IconSelector size={16} aria-hidden="true" />
    </UnstyledButton>
  );
}
