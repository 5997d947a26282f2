import { useLocalStorage, useMediaQuery } from "@mantine/hooks";
import { useState } from "react";
import { useLocation } from "react-router";

/** Below this width the sidebar lies over the page instead of beside it. The style sheet says the same. */
const NARROW = "(max-width: 48em)";

/**
 * Whether the sidebar is open. Beside the page it stays as the person left it, also after a reload; over the
 * page it starts closed, and closes with every navigation because its work is done.
 */
export function useSidebar() {
  const narrow = useMediaQuery(NARROW, undefined, { getInitialValueInEffect: false });
  const [beside, setBeside] = useLocalStorage({
    key: "ripple-sidebar-open",
    defaultValue: true,
    getInitialValueInEffect: false,
  });
  const { key } = useLocation();
  /** The history entry over which it was opened. */
  const [openedOver, setOpenedOver] = useState<string | null>(null);
  return {
    narrow,
    opened: narrow ? openedOver === key : beside,
    open: () => (narrow ? setOpenedOver(key) : setBeside(true)),
    close: () => (narrow ? setOpenedOver(null) : setBeside(false)),
  };
}
