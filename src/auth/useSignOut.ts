import { useAuthActions } from "@convex-dev/auth/react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { rooms } from "../collaboration/rooms";
import { useMe } from "../offline/remembered-person";
import { hasUnsyncedCopies, wipePerson } from "../offline/wipe";

export interface SignOut {
  /** Edits are not saved yet: the person has to say whether to give them up. */
  asking: boolean;
  /** Signs out, or asks first when that would lose something. */
  request: () => void;
  confirm: () => void;
  cancel: () => void;
}

/**
 * Ends the session and takes away what this browser keeps of the person. The next one at it starts in their
 * workspace, not on this page.
 */
export function useSignOut(): SignOut {
  const { signOut } = useAuthActions();
  const navigate = useNavigate();
  const userId = useMe()?.userId;
  const [asking, setAsking] = useState(false);
  const leave = async () => {
    setAsking(false);
    // A session that waits for a connection would get it with the token of whoever signs in next.
    rooms.abandonUnsaved();
    await navigate("/");
    // Before the backend is told: that may take as long as there is no network.
    if (userId !== undefined) await wipePerson(userId);
    await signOut();
  };
  const request = async () => {
    if (rooms.hasUnsaved() || (userId !== undefined && (await hasUnsyncedCopies(userId)))) setAsking(true);
    else await leave();
  };
  return {
    asking,
    request: () => void request(),
    confirm: () => void leave(),
    cancel: () => setAsking(false),
  };
}
