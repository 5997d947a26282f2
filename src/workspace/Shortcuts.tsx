import { lazy, Suspense, useEffect, useState } from "react";
import { placeOf, shortcutOf, type Shortcut } from "./shortcut-keys";

const loadPalette = () => import("./CommandPalette");
const CommandPalette = lazy(loadPalette);
const ShortcutOverview = lazy(() => import("./ShortcutOverview"));

/** Listens for the keys that work everywhere, and shows what they open. */
export function Shortcuts() {
  const [opened, setOpened] = useState<Shortcut | null>(null);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      // The other key of the shortcut follows in a moment, and then somebody types at once.
      if (event.key === "Control" || event.key === "Meta") void loadPalette();
      const shortcut = shortcutOf(event, placeOf(event.target));
      if (shortcut === null) return;
      event.preventDefault();
      // The editors have meanings of their own for these keys.
      event.stopPropagation();
      setOpened(shortcut);
    };
    addEventListener("keydown", onKeyDown, { capture: true });
    return () => removeEventListener("keydown", onKeyDown, { capture: true });
  }, []);
  const close = () => setOpened(null);
  return (
    <Suspense>
      {opened === "palette" && (
        <CommandPalette onClose={close} onShowShortcuts={() => setOpened("overview")} />
      )}
      {opened === "overview" && <ShortcutOverview onClose={close} />}
    </Suspense>
  );
}
