import { ActionIcon, NativeSelect, Text } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { PersonAvatar } from "../app/PersonAvatar";
import { reasonOf, type AccessPart } from "./access-part";
import { parseRole, ROLE_NAMES, roleChoices } from "./role-names";
import classes from "./SharePanel.module.css";
import type { Overview } from "./useSharing";

type Entry = Overview["people"][number];

/** Those who have a role by name, here or on a document around this, and who came by the link. */
export function PeopleWithAccess({ overview, sharing, owner, onChange }: AccessPart) {
  const here = overview.people.filter(({ from }) => from === null);
  const inherits = overview.people.length > here.length;
  const lastOwner = !overview.morePeople && here.filter(({ role }) => role === "owner").length === 1;
  return (
    <>
      {overview.people.map((entry) => {
        const { person, role, from } = entry;
        const fixed = from !== null || (role === "owner" && lastOwner && !inherits);
        return (
          <li key={`${person.userId} ${from?.resourceId ?? ""}`} className={classes.member}>
            <PersonAvatar name={person.name} color={person.color} />
            <Who entry={entry} />
            {owner && !fixed && person.email !== null ? (
              <NativeSelect
                size="xs"
                aria-label={`Role of ${person.name}`}
                data={roleChoices(role)}
                value={role}
                onChange={(event) =>
                  onChange(sharing.setRole(person.email ?? "", parseRole(event.currentTarget.value)))
                }
              />
            ) : (
              <Text size="sm" c="dimmed">
                {ROLE_NAMES[role]}
              </Text>
            )}
            {owner && !fixed && (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Remove ${person.name}`}
                onClick={() => onChange(sharing.remove(person.userId))}
              >
                <IconX size={16} aria-hidden="true" />
              </ActionIcon>
            )}
          </li>
        );
      })}
      {overview.linkGuests.map((person) => (
        <li key={`${person.userId} link`} className={classes.member}>
          <PersonAvatar name={person.name} color={person.color} />
          <div className={classes.who}>
            <Text size="sm" fw={500} dir="auto">
              {person.name}
            </Text>
            <Text size="xs" c="dimmed">
              {person.email ?? "Guest without an account"}
            </Text>
          </div>
          <Text size="sm" c="dimmed">
            By the link
          </Text>
        </li>
      ))}
    </>
  );
}

function Who({ entry: { person, from } }: { entry: Entry }) {
  const details = [person.email, reasonOf(from)].filter((part) => part !== null && part !== "");
  return (
    <div className={classes.who}>
      <Text size="sm" fw={500} dir="auto">
        {person.name}
      </Text>
      <Text size="xs" c="dimmed">
        {details.join(", ")}
      </Text>
    </div>
  );
}
