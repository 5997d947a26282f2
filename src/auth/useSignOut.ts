import { useAuthActions } from "@convex-dev/auth/react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { rooms } from "../collaboration/rooms";
import { useMe } from "../offline/remembered-person";
import { abandonSetAside } from "../offline/set-aside";
import { hasUnsyncedCopies, wipePerson } from "../offline/wipe";

/** A backend that cannot be reached is waited for no longer: signing out is for this device first. */
const SIGN_OUT_LIMIT_MS = 3_000;

/** What Convex Auth's keys in `localStorage` begin with. */
const SESSION_KEYS = "__convexAuth";

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
    if (userId !== undefined) abandonSetAside(userId);
    await navigate("/");
    // First of all, so that the other tabs, which follow when the person is forgotten, find no session to go on with.
    forgetSession();
    // Before the backend is told: that may take as long as there is no network.
    if (userId !== undefined) await wipePerson(userId);
    const isDone = await Promise.race([signOut().then(() => true), notInTime()]);
    // Without the backend the session ends there by its age, and everything that the page has in memory ends now.
    if (!isDone) location.replace("/sign-in");
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

function notInTime(): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), SIGN_OUT_LIMIT_MS));
}

/** Takes the session out of this browser's storage. This tab still has it in memory, to end it with. */
function forgetSession(): void {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(SESSION_KEYS)) localStorage.removeItem(key);
  }
}
