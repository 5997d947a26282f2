import { ActionIcon, NativeSelect, Text } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { Role } from "../../protocol/roles";
import { PersonAvatar } from "../app/PersonAvatar";
import { parseRole, ROLE_NAMES, roleChoices } from "./role-names";
import classes from "./SharePanel.module.css";
import type { Member } from "./useMembers";

interface MemberRowProps {
  member: Member;
  /** Whether the person at this page may change this. */
  owner: boolean;
  /** Nobody would own the resource without this person, so the role cannot change. */
  lastOwner: boolean;
  onRole: (email: string, role: Role) => void;
  onRemove: () => void;
}

export function MemberRow({ member, owner, lastOwner, onRole, onRemove }: MemberRowProps) {
  const { name, email, color, role } = member;
  const changeable = owner && !lastOwner;
  return (
    <li className={classes.member}>
      <PersonAvatar name={name} color={color} />
      <div className={classes.who}>
        <Text size="sm" fw={500}>
          {name}
        </Text>
        <Text size="xs" c="dimmed">
          {email ?? "Guest without an account"}
        </Text>
      </div>
      {changeable && email !== null ? (
        <NativeSelect
          size="xs"
          aria-label={`Role of ${name}`}
          data={roleChoices(role)}
          value={role}
          onChange={(event) => onRole(email, parseRole(event.currentTarget.value))}
        />
      ) : (
        <Text size="sm" c="dimmed">
          {ROLE_NAMES[role]}
        </Text>
      )}
      {changeable && (
        <ActionIcon variant="subtle" color="gray" aria-label={`Remove ${name}`} onClick={onRemove}>
          <IconX size={16} aria-hidden="true" />
        </ActionIcon>
      )}
    </li>
  );
}
