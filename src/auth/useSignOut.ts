import { useAuthActions } from "@convex-dev/auth/react";
import { useNavigate } from "react-router";

/** Ends the session. The next person at this browser starts in their workspace, not on this page. */
export function useSignOut(): () => Promise<void> {
  const { signOut } = useAuthActions();
  const navigate = useNavigate();
  return async () => {
    await navigate("/");
    await signOut();
  };
}
