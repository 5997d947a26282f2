import { useAuthActions } from "@convex-dev/auth/react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { rooms } from "../collaboration/rooms";
import { useMe } from "../offline/remembered-person";
import { abandonSetAside } from "../offline/set-aside";
import { noteTrouble } from "../offline/troubles";
import { hasUnsyncedCopies, wipePerson } from "../offline/wipe";
import { inTime } from "./in-time";

/**
 * Neither a backend that cannot be reached is waited for any longer, nor a database that another tab does not let go of.
 */
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
    const isWiped = userId === undefined || (await wipe(userId));
    const isEnded = await inTime(signOut(), SIGN_OUT_LIMIT_MS);
    // Without the backend the session ends there by its age, and everything that the page has in memory ends now.
    if (!isWiped || !isEnded) location.replace("/sign-in");
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

/** Resolves with whether everything is gone. What is not keeps nobody signed in. */
async function wipe(userId: string): Promise<boolean> {
  try {
    return await inTime(wipePerson(userId), SIGN_OUT_LIMIT_MS);
  } catch (error) {
    noteTrouble("What this device keeps of the person could not be removed", error);
    return false;
  }
}

/** Takes the session out of this browser's storage. This tab still has it in memory, to end it with. */
function forgetSession(): void {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(SESSION_KEYS)) localStorage.removeItem(key);
  }
}
