import { UnstyledButton, VisuallyHidden } from "@mantine/core";
import { PersonAvatar } from "../app/PersonAvatar";
import { Tip } from "../app/Tip";
import { usePresence, usePresenceState } from "../presence/presence-context";
import type { Attention } from "./connection-policy";
import type { Other } from "./people";
import classes from "./PeopleHere.module.css";

/** More than this many faces say nothing that a number does not say. */
const SHOWN = 5;

/** Who else has this open now. Those who are in the same workspace can be followed. */
export function PeopleHere({ people }: { people: Other[] }) {
  if (people.length === 0) return null;
  const more = people.slice(SHOWN);
  return (
    <ul className={classes.people} aria-label="People here">
      {people.slice(0, SHOWN).map((person) => (
        <li key={person.userId} className={classes.person} data-attention={person.attention}>
          <Face person={person} />
        </li>
      ))}
      {more.length > 0 && (
        <li className={classes.more}>
          <Tip text={more.map(({ name }) => name).join(", ")}>
            <span aria-hidden="true">+{more.length}</span>
            <VisuallyHidden>and {more.map(({ name }) => name).join(", ")}</VisuallyHidden>
          </Tip>
        </li>
      )}
    </ul>
  );
}

const WORDS: Record<Attention, string> = { here: "", idle: " (idle)", hidden: " (away)" };

function Face({ person: { userId, name, color, attention } }: { person: Other }) {
  const presence = usePresence();
  const { people, following } = usePresenceState();
  const avatar = <PersonAvatar name={name} color={color} size={28} />;
  if (presence === null || !people.has(userId)) {
    return (
      <Tip text={name + WORDS[attention]}>
        {avatar}
        <VisuallyHidden>{name + WORDS[attention]}</VisuallyHidden>
      </Tip>
    );
  }
  const followed = following === userId;
  const label = followed ? `Stop following ${name}` : `Follow ${name}`;
  return (
    <Tip text={label + WORDS[attention]}>
      <UnstyledButton
        className={classes.follow}
        data-presence
        aria-label={label}
        aria-description={attention === "here" ? undefined : WORDS[attention].trim()}
        data-followed={followed || undefined}
        onClick={() => (followed ? presence.session.moved() : presence.session.follow(userId))}
      >
        {avatar}
      </UnstyledButton>
    </Tip>
  );
}
