import { useEffect, useRef, useState } from "react";

/**
 * For a menu whose code is fetched when its button is pressed. When it has come, its own button takes the place of the
 * pressed one: this gives it the focus that the other had, then opens the menu.
 */
export function useReplayedPress() {
  const target = useRef<HTMLButtonElement>(null);
  const [opened, setOpened] = useState(false);
  useEffect(() => {
    // After the focus: the menu gives it back to what had it when it opened.
    const frame = requestAnimationFrame(() => {
      target.current?.focus();
      setOpened(true);
    });
    return () => cancelAnimationFrame(frame);
  }, []);
  return { target, menu: { opened, onChange: setOpened } };
}
