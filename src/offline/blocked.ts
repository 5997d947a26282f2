import type { MouseEvent } from "react";
import { useBackendStatus, type BackendStatus } from "../app/useBackendStatus";

const REASONS: Record<Exclude<BackendStatus, "connected">, string> = {
  offline: "You are offline. This works again as soon as you are connected.",
  unreachable: "Ripple can’t reach its server. This works again as soon as it can.",
};

/** Why what only the backend can do cannot be done now; `null` when it can. */
export function useBlocked(): string | null {
  const status = useBackendStatus();
  return status === "connected" ? null : REASONS[status];
}

/**
 * For a button that cannot be used for this reason, if any; to be spread after its `onClick`. It is not `disabled`:
 * Tab would pass it by, and nobody at a keyboard would learn why.
 */
export function blockedProps(reason: string | null) {
  if (reason === null) return {};
  return {
    "data-disabled": true,
    "aria-disabled": true,
    title: reason,
    onClick: (event: MouseEvent) => event.preventDefault(),
  };
}
