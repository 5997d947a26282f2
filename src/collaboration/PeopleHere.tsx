import { Tooltip, VisuallyHidden } from "@mantine/core";
import { PersonAvatar } from "../app/PersonAvatar";
import classes from "./PeopleHere.module.css";
import type { Person } from "../offline/remembered-person";

/** More than this many faces say nothing that a number does not say. */
const SHOWN = 5;

/** Who else has this open now. */
export function PeopleHere({ people }: { people: Person[] }) {
  if (people.length === 0) return null;
  const more = people.slice(SHOWN);
  return (
    <ul className={classes.people} aria-label="People here">
      {people.slice(0, SHOWN).map(({ userId, name, color }) => (
        <Tooltip key={userId} label={name} withArrow>
          <li className={classes.person}>
            <PersonAvatar name={name} color={color} size={28} />
            <VisuallyHidden>{name}</VisuallyHidden>
          </li>
        </Tooltip>
      ))}
      {more.length > 0 && (
        <Tooltip label={more.map(({ name }) => name).join(", ")} withArrow multiline maw={260}>
          <li className={classes.more}>
            <span aria-hidden="true">+{more.length}</span>
            <VisuallyHidden>and {more.map(({ name }) => name).join(", ")}</VisuallyHidden>
          </li>
        </Tooltip>
      )}
    </ul>
  );
}
