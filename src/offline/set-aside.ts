/** Edits that could not be applied any more, until their author says what is to become of them. */
import { useEffect, useState } from "react";
import { directoryOf, type SetAside } from "./directory";

/** Where the browser keeps nothing, they last as long as the tab. */
const inTab = new Map<string, SetAside[]>();

const listeners = new Set<() => void>();

export async function keepSetAside(userId: string, edits: SetAside): Promise<void> {
  try {
    await (await directoryOf(userId)).setAside(edits);
  } catch {
    inTab.set(userId, [...(inTab.get(userId) ?? []), edits]);
  }
  tell();
}

export async function discardSetAside(userId: string, id: string): Promise<void> {
  inTab.set(
    userId,
    (inTab.get(userId) ?? []).filter((edits) => edits.id !== id),
  );
  const directory = await directoryOf(userId).catch(() => null);
  await directory?.discard(id);
  tell();
}

/** What is set aside for the person now, oldest first. */
export async function setAsideFor(userId: string): Promise<SetAside[]> {
  const directory = await directoryOf(userId).catch(() => null);
  const kept = (await directory?.setAsides()) ?? [];
  return [...kept, ...(inTab.get(userId) ?? [])].sort((a, b) => a.at - b.at);
}

/** The same, live. */
export function useSetAside(userId: string | undefined): SetAside[] {
  const [edits, setEdits] = useState<SetAside[]>([]);
  useEffect(() => {
    if (userId === undefined) return;
    let wanted = true;
    const read = () => {
      void setAsideFor(userId).then((found) => {
        if (wanted) setEdits(found);
      });
    };
    read();
    listeners.add(read);
    return () => {
      wanted = false;
      listeners.delete(read);
      setEdits([]);
    };
  }, [userId]);
  return edits;
}

function tell() {
  for (const listener of [...listeners]) listener();
}
