import { useEffect } from "react";
import type { View } from "../../protocol/presence";
import { usePresence, usePresenceState } from "./presence-context";

/** What of a page can be shown to those who follow, and shown as those who are followed do. */
export interface Viewport {
  /** `null` while there is nothing to see. */
  read: () => View | null;
  show: (view: View) => void;
  /** Calls back whenever `read` may answer something else. */
  onMove: (moved: () => void) => () => void;
}

/** Ten times a second looks like moving along. */
const SHOW_EVERY_MS = 100;

/**
 * Shares what `viewport` shows of the page of this room with those who follow, and moves it along with who is followed.
 */
export function useSharedViewport(page: string, viewport: Viewport | null): void {
  const session = usePresence()?.session;
  const { followers } = usePresenceState();

  useEffect(() => {
    if (session === undefined || viewport === null) return;
    return session.onView((shown, view) => {
      if (shown === page) viewport.show(view);
    });
  }, [session, viewport, page]);

  useEffect(() => {
    if (session === undefined || viewport === null || followers === 0) return;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const share = () => {
      timer = null;
      const view = viewport.read();
      if (view !== null) session.show(view);
    };
    const moved = () => (timer ??= setTimeout(share, SHOW_EVERY_MS));
    moved();
    const stop = viewport.onMove(moved);
    return () => {
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, [session, viewport, followers]);
}
