import { useEffect, useRef, type RefObject } from "react";
import { useLocation, useNavigate } from "react-router";
import { parseRoomId, roomIdFor } from "../../protocol/rooms";
import { itemAt, pathOf } from "../workspace/items";
import { usePresence, usePresenceState } from "./presence-context";

/** What somebody does who moves by themselves. Scrolling alone is no such thing: following scrolls. */
const OWN_MOVES = ["wheel", "touchmove", "pointerdown", "keydown"] as const;

/** A key that does nothing by itself. */
const MODIFIERS: ReadonlySet<string> = new Set(["Shift", "Control", "Alt", "Meta"]);

/**
 * Says where this tab is, goes where the one goes who is followed, and ends that when the person moves by themselves:
 * to another page, or anyhow within `main`.
 */
export function useFollowing(main: RefObject<HTMLElement | null>): void {
  const session = usePresence()?.session;
  const { people, following } = usePresenceState();
  const navigate = useNavigate();
  const item = itemAt(useLocation().pathname);
  const here = item === null ? null : roomIdFor(item.kind, item.resourceId);
  const leader = following === null ? undefined : people.get(following);
  const leadsTo = leader?.presenting === "paused" ? null : (leader?.page ?? null);
  /** Where following has led last: to be there is no move of one's own. */
  const led = useRef<string | null>(null);

  useEffect(() => {
    if (session === undefined) return;
    const say = () => session.at(here);
    say();
    // Of several tabs, the one that was looked at last says where the person is.
    addEventListener("focus", say);
    return () => removeEventListener("focus", say);
  }, [session, here]);

  useEffect(() => {
    const room = leadsTo === null ? null : parseRoomId(leadsTo);
    if (room === null) return;
    led.current = leadsTo;
    void navigate(pathOf(room));
  }, [leadsTo, navigate]);

  useEffect(() => {
    if (led.current === null || here === led.current) return;
    led.current = null;
    session?.moved();
  }, [session, here]);

  useEffect(() => {
    const element = main.current;
    if (session === undefined || following === null || element === null) return;
    const moved = (event: Event) => {
      const isControl = event.target instanceof Element && event.target.closest("[data-presence]") !== null;
      const isModifier = event instanceof KeyboardEvent && MODIFIERS.has(event.key);
      if (!isControl && !isModifier) session.moved();
    };
    for (const type of OWN_MOVES) element.addEventListener(type, moved, { passive: true });
    return () => {
      led.current = null;
      for (const type of OWN_MOVES) element.removeEventListener(type, moved);
    };
  }, [session, following, main]);
}
