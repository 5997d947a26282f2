/** Edits that could not be applied any more, until their author says what is to become of them. */
import { useEffect, useState } from "react";
import { guardUnload, type RiskSource } from "../collaboration/unload-guard";
import { directoryOf, type SetAside } from "./directory";
import { noteTrouble } from "./troubles";

/** Edits, and whether they are nowhere but in this tab: where the browser keeps nothing, or its disk is full. */
export type KeptEdits = SetAside & { onlyInTab: boolean };

const inTab = new Map<string, SetAside[]>();

const listeners = new Set<() => void>();

const risk: RiskSource = {
  isAtRisk: () => [...inTab.values()].some((edits) => edits.length > 0),
  subscribe: (onChange) => {
    listeners.add(onChange);
    return () => listeners.delete(onChange);
  },
};
guardUnload(risk, window);

/** Resolves with whether they are stored. What is not is kept in this tab. */
export async function keepSetAside(userId: string, edits: SetAside): Promise<boolean> {
  const others = (inTab.get(userId) ?? []).filter(({ id }) => id !== edits.id);
  inTab.set(userId, [...others, edits]);
  return storeFromTab(userId);
}

/** Stores what is only in this tab. Resolves with whether nothing is left there. */
export async function storeFromTab(userId: string): Promise<boolean> {
  try {
    for (const edits of inTab.get(userId) ?? []) {
      await (await directoryOf(userId)).setAside(edits);
      inTab.set(
        userId,
        (inTab.get(userId) ?? []).filter((waiting) => waiting !== edits),
      );
    }
    return true;
  } catch (error) {
    noteTrouble("Edits that were not accepted are only in this tab", error);
    return false;
  } finally {
    tell();
  }
}

/** Rejects when they could not be taken out of this browser's storage: they are still there then. */
export async function discardSetAside(userId: string, id: string): Promise<void> {
  const before = inTab.get(userId) ?? [];
  const left = before.filter((edits) => edits.id !== id);
  inTab.set(userId, left);
  try {
    if (left.length === before.length) await (await directoryOf(userId)).discard(id);
  } finally {
    tell();
  }
}

/** The person gives up what is only in this tab. */
export function abandonSetAside(userId: string): void {
  inTab.delete(userId);
  tell();
}

/** What is set aside for the person now, oldest first. What cannot be read is noted as trouble, and stays where it is. */
export async function setAsideFor(userId: string): Promise<KeptEdits[]> {
  const kept = (await read(userId)).map((edits) => ({ ...edits, onlyInTab: false }));
  const here = (inTab.get(userId) ?? []).map((edits) => ({ ...edits, onlyInTab: true }));
  return [...kept, ...here].sort((a, b) => a.at - b.at);
}

/** The same, live. */
export function useSetAside(userId: string | undefined): KeptEdits[] {
  const [edits, setEdits] = useState<KeptEdits[]>([]);
  useEffect(() => {
    if (userId === undefined) return;
    let wanted = true;
    const update = () => {
      void setAsideFor(userId).then((found) => {
        if (wanted) setEdits(found);
      });
    };
    update();
    listeners.add(update);
    return () => {
      wanted = false;
      listeners.delete(update);
      setEdits([]);
    };
  }, [userId]);
  return edits;
}

async function read(userId: string): Promise<SetAside[]> {
  try {
    return await (await directoryOf(userId)).setAsides();
  } catch (error) {
    noteTrouble("Edits that were set aside could not be read", error);
    return [];
  }
}

function tell() {
  for (const listener of [...listeners]) listener();
}
