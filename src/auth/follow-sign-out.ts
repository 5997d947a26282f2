import { rooms } from "../collaboration/rooms";
import { onForgotten } from "../offline/remembered-person";

/**
 * Whoever signs out in one tab has signed out in all of this browser: what the others have in memory goes with a
 * reload. Whether to give up unsaved edits was asked there.
 */
export function followSignOut(): void {
  onForgotten(() => {
    rooms.abandonUnsaved();
    location.replace("/sign-in");
  });
}
