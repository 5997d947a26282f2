import { useConvexConnectionState } from "convex/react";
import { useEffect, useState } from "react";
import { useOnline } from "./useOnline";

/** A reload, a deployment or a changed network reconnects within this time; shorter gaps are not worth a word. */
const GRACE_MS = 2_500;

export type BackendStatus = "connected" | "offline" | "unreachable";

/** Whether Convex answers. A gap shows only after a short grace; its end shows at once. */
export function useBackendStatus(): BackendStatus {
  const { isWebSocketConnected } = useConvexConnectionState();
  const online = useOnline();
  const [gone, setGone] = useState(false);

  useEffect(() => {
    if (isWebSocketConnected) return;
    const timer = setTimeout(() => setGone(true), GRACE_MS);
    return () => {
      clearTimeout(timer);
      setGone(false);
    };
  }, [isWebSocketConnected]);

  if (isWebSocketConnected || !gone) return "connected";
  return online ? "unreachable" : "offline";
}
