import { rooms } from "../collaboration/rooms";
import { onForgotten } from "../offline/remembered-person";

/**
 * Whoever signs out in one tab has signed out in all of this browser: what the others have in memory goes with a
 * reload. Whether to give up what is on this device was asked there; of edits that are only in this tab nobody there
 * knew, so with some of those the browser asks here.
 */
export function followSignOut(): void {
  onForgotten(() => {
    if (!rooms.isAtRisk()) rooms.abandonUnsaved();
    location.replace("/sign-in");
  });
}
