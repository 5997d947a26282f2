import { useAction, useMutation } from "convex/react";
import { useLocation, useNavigate } from "react-router";
import { api } from "../../convex/_generated/api";
import { MOVED_TO_WORKSPACE_MAX } from "../../protocol/limits";
import type { Explanations } from "../app/messages";
import { useNotices } from "../app/useNotices";
import { itemAt, pathOf, type ItemFacts, type ItemRef } from "./items";
import { useKindCalls } from "./useKindCalls";

export type Destination =
  | { kind: "inside"; documentId: string }
  /** By default of the workspace that it is in. */
  | { kind: "top"; shelf: "workspace" | "private"; workspaceId?: string };

const MOVE_FAILED: Partial<Explanations> = {
  forbidden: {
    what: "You can’t move this there.",
    next: "Moving it elsewhere is for its owners, and you need to be able to edit the place it goes to.",
  },
  invalid: {
    what: "It can’t go there.",
    next: "A document can’t lie in itself, and a personal workspace has only private ones.",
  },
  limit: {
    what: "That is too deep, or too much at once.",
    next: `Choose a place that is closer to the top. To another workspace, at most ${MOVED_TO_WORKSPACE_MAX} go along.`,
  },
};

function isSameList(a: Destination, b: Destination, { workspaceId: own }: ItemFacts): boolean {
  if (a.kind === "inside" || b.kind === "inside") {
    return a.kind === "inside" && b.kind === "inside" && a.documentId === b.documentId;
  }
  return a.shelf === b.shelf && (a.workspaceId ?? own) === (b.workspaceId ?? own);
}

/** What can be done with a document or diagram in a list. Each says by itself what went wrong. */
export function useItemActions() {
  const { showFailure, showUndo } = useNotices();
  const { rename } = useKindCalls();
  const putIntoTrash = useMutation(api.trash.put);
  const restore = useMutation(api.trash.restore);
  const setFavourite = useMutation(api.shortcuts.setFavourite);
  const setIcon = useMutation(api.resources.setIcon);
  const moveTo = useMutation(api.moving.move);
  const makeCopy = useAction(api.duplicating.duplicate);
  const navigate = useNavigate();
  const { pathname } = useLocation();

  const refOf = ({ kind, resourceId }: ItemRef) => ({ kind, resourceId });
  const orSay = async (attempt: Promise<unknown>, inThisCase?: Partial<Explanations>): Promise<boolean> => {
    try {
      await attempt;
      return true;
    } catch (error) {
      showFailure(error, inThisCase);
      return false;
    }
  };

  return {
    rename: (item: ItemFacts, title: string) =>
      orSay(rename(item, title), {
        forbidden: {
          what: `You can’t rename “${item.title}” any more.`,
          next: "Ask its owner to let you edit it.",
        },
      }),
    trash: async (item: ItemFacts) => {
      const isOpen = itemAt(pathname)?.resourceId === item.resourceId;
      // Away from it first: its page would otherwise show for a moment that it is in the trash.
      if (isOpen) await navigate("/");
      const done = await orSay(putIntoTrash(refOf(item)), {
        forbidden: { what: `You can’t put “${item.title}” into the trash.`, next: "Ask its owner to do it." },
      });
      if (done) showUndo(`“${item.title}” is in the trash.`, () => restore(refOf(item)));
    },
    setFavourite: (item: ItemRef, favourite: boolean) =>
      orSay(setFavourite({ ...refOf(item), favourite }), {
        limit: { what: "You have very many favourites.", next: "Take one away, then add this one." },
      }),
    setIcon: (item: ItemRef, icon: string | null) => orSay(setIcon({ ...refOf(item), icon })),
    duplicate: async (item: ItemRef) => {
      const attempt = makeCopy(refOf(item));
      if (await orSay(attempt)) await navigate(pathOf({ kind: item.kind, resourceId: await attempt }));
    },
    move: async (item: ItemFacts, to: Destination, beforeId: string | null) => {
      const attempt = moveTo({ ...refOf(item), to, beforeId });
      if (!(await orSay(attempt, MOVE_FAILED))) return;
      const before = await attempt;
      // Among its neighbours it is as quickly moved back as a button is pressed.
      if (isSameList(before.to, to, item)) return;
      showUndo(`“${item.title}” is moved.`, () => moveTo({ ...refOf(item), ...before }));
    },
  };
}
