import { useConvexAuth } from "convex/react";
import type { ReactNode } from "react";
import { Navigate, useLocation } from "react-router";
import { signInPathFor } from "./return-path";

interface RequireSessionProps {
  children: ReactNode;
  /** Shown while it is not known yet whether somebody is signed in. */
  waiting: ReactNode;
}

/** Lets signed-in people through and sends everybody else to sign-in, from where they come back. */
export function RequireSession({ children, waiting }: RequireSessionProps) {
  const { isLoading, isAuthenticated } = useConvexAuth();
  const { pathname, search, hash } = useLocation();
  if (isLoading) return waiting;
  if (!isAuthenticated) return <Navigate to={signInPathFor(pathname + search + hash)} replace />;
  return children;
}
