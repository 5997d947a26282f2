import { Button } from "@mantine/core";
import { PersonAvatar } from "../app/PersonAvatar";
import classes from "./FollowBar.module.css";
import { usePresence, usePresenceState } from "./presence-context";
import { invitations } from "./presence-state";

/** Who is followed, who asks to be, and whether one is oneself: at the lower edge, with the way out of it. */
export function FollowBar() {
  const presence = usePresence();
  const state = usePresenceState();
  const leader = state.following === null ? undefined : state.people.get(state.following);
  const own = presence === null ? undefined : state.people.get(presence.me);
  const [inviting] = presence === null ? [] : invitations(state, presence.me);
  return (
    <div role="status" aria-label="Following" className={classes.region}>
      {presence !== null && leader !== undefined && (
        <div className={classes.bar} style={{ borderColor: leader.color }}>
          <PersonAvatar name={leader.name} color={leader.color} size={24} />
          <span>
            Following {leader.name}
            {leader.presenting === "paused" && ", who has paused"}
            {leader.state === "reconnecting" && ", who is reconnecting"}
          </span>
          <Button size="compact-sm" variant="default" onClick={presence.session.moved}>
            Stop following
          </Button>
        </div>
      )}
      {presence !== null && own !== undefined && own.presenting !== "off" && (
        <div className={classes.bar}>
          <span>
            {own.presenting === "on" ? "You are presenting" : "Your presentation is paused"} ·{" "}
            {state.followers === 1 ? "1 person follows" : `${state.followers} people follow`}
          </span>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => presence.session.present(own.presenting === "on" ? "paused" : "on")}
          >
            {own.presenting === "on" ? "Pause" : "Go on"}
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => presence.session.present("off")}>
            Stop presenting
          </Button>
        </div>
      )}
      {presence !== null && inviting !== undefined && (
        <div className={classes.bar} style={{ borderColor: inviting.color }}>
          <PersonAvatar name={inviting.name} color={inviting.color} size={24} />
          <span>{inviting.name} is presenting</span>
          <Button size="compact-sm" onClick={() => presence.session.follow(inviting.userId)}>
            Follow
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => presence.session.decline(inviting.userId)}
          >
            Not now
          </Button>
        </div>
      )}
    </div>
  );
}
