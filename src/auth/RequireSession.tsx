import { useAuthActions, useAuthToken } from "@convex-dev/auth/react";
import { useConvexAuth, useQuery } from "convex/react";
import { useEffect, type ReactNode } from "react";
import { Navigate, useLocation } from "react-router";
import { api } from "../../convex/_generated/api";
import { rememberedPerson } from "../offline/remembered-person";
import { signInPathFor } from "./return-path";

interface RequireSessionProps {
  children: ReactNode;
  /** Shown while it is not known yet whether somebody is signed in, and this browser remembers nobody. */
  waiting: ReactNode;
}

/** Lets signed-in people through and sends everybody else to sign-in, from where they come back. */
export function RequireSession({ children, waiting }: RequireSessionProps) {
  const { isLoading, isAuthenticated } = useConvexAuth();
  const { signOut } = useAuthActions();
  const token = useAuthToken();
  const { pathname, search, hash } = useLocation();
  const me = useQuery(api.users.me, isAuthenticated ? {} : "skip");
  /** The session's token is still good, but the account behind it was deleted. */
  const accountGone = isAuthenticated && me === null;

  useEffect(() => {
    if (accountGone) void signOut();
  }, [accountGone, signOut]);

  if (accountGone) return waiting;
  // Without a connection it is never known, and what this device keeps of somebody can be shown all the same. Not
  // before there is a token, though: from then on, what the page asks of Convex waits until the token is with it.
  if (isLoading) return token !== null && rememberedPerson() !== null ? children : waiting;
  if (!isAuthenticated) return <Navigate to={signInPathFor(pathname + search + hash)} replace />;
  return children;
}
