import { initials } from "./initials";
import classes from "./PersonAvatar.module.css";

interface PersonAvatarProps {
  name: string;
  /** As `colorForUser` gives it: white can be read on it. */
  color: string;
  size?: number;
}

/** A person's colour and initials. Decorative: the name stands beside it. */
export function PersonAvatar({ name, color, size = 32 }: PersonAvatarProps) {
  return (
    <span
      className={classes.avatar}
      style={{ backgroundColor: color, width: size, height: size, fontSize: size * 0.4 }}
      aria-hidden="true"
    >
      {initials(name)}
    </span>
  );
}
