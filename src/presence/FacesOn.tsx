import { VisuallyHidden } from "@mantine/core";
import { PersonAvatar } from "../app/PersonAvatar";
import classes from "./FacesOn.module.css";
import { useOthersOn } from "./presence-context";

/** More than this many faces are a number. */
const SHOWN = 3;

/** Who else has a document or diagram open, small, for a row of a list. */
export function FacesOn({ roomId }: { roomId: string }) {
  const others = useOthersOn(roomId);
  if (others.length === 0) return null;
  const names = others.map(({ name }) => name).join(", ");
  return (
    <span className={classes.faces} title={names}>
      {others.slice(0, SHOWN).map(({ userId, name, color, state }) => (
        <span key={userId} className={classes.face} data-state={state}>
          <PersonAvatar name={name} color={color} size={18} />
        </span>
      ))}
      {others.length > SHOWN && (
        <span className={classes.more} aria-hidden="true">
          +{others.length - SHOWN}
        </span>
      )}
      <VisuallyHidden>open with {names}</VisuallyHidden>
    </span>
  );
}
