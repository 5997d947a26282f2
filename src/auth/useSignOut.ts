import { useAuthActions } from "@convex-dev/auth/react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { rooms } from "../collaboration/rooms";

export interface SignOut {
  /** Edits are not saved yet: the person has to say whether to give them up. */
  asking: boolean;
  /** Signs out, or asks first when that would lose something. */
  request: () => void;
  confirm: () => void;
  cancel: () => void;
}

/** Ends the session. The next person at this browser starts in their workspace, not on this page. */
export function useSignOut(): SignOut {
  const { signOut } = useAuthActions();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const leave = async () => {
    setAsking(false);
    // A session that waits for a connection would get it with the token of whoever signs in next.
    rooms.abandonUnsaved();
    await navigate("/");
    await signOut();
  };
  return {
    asking,
    request: () => {
      if (rooms.hasUnsaved()) setAsking(true);
      else void leave();
    },
    confirm: () => void leave(),
    cancel: () => setAsking(false),
  };
}
