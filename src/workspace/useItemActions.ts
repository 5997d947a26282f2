import { useAction, useMutation } from "convex/react";
import { useLocation, useNavigate } from "react-router";
import { api } from "../../convex/_generated/api";
import type { Explanations } from "../app/messages";
import { useNotices } from "../app/useNotices";
import { itemAt, pathOf, type Item, type ItemRef } from "./items";

export type Destination =
  { kind: "inside"; documentId: string } | { kind: "top"; shelf: "workspace" | "private" };

const MOVE_FAILED: Partial<Explanations> = {
  forbidden: {
    what: "You can’t move this there.",
    next: "Moving it elsewhere is for its owners, and you need to be able to edit the place it goes to.",
  },
  invalid: {
    what: "It can’t go there.",
    next: "A document can’t lie in itself or in another workspace.",
  },
  limit: { what: "That is too deep.", next: "Choose a place that is closer to the top." },
};

/** What can be done with a document or diagram in a list. Each says by itself what went wrong. */
export function useItemActions() {
  const { showFailure, showUndo } = useNotices();
  const renameDocument = useMutation(api.documents.rename);
  const renameDiagram = useMutation(api.diagrams.rename);
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
    rename: ({ kind, resourceId, title: before }: Item, title: string) =>
      orSay(
        kind === "doc"
          ? renameDocument({ documentId: resourceId, title })
          : renameDiagram({ diagramId: resourceId, title }),
        {
          forbidden: {
            what: `You can’t rename “${before}” any more.`,
            next: "Ask its owner to let you edit it.",
          },
        },
      ),
    trash: async (item: Item) => {
      const isOpen = itemAt(pathname)?.resourceId === item.resourceId;
      // Away from it first: its page would otherwise show for a moment that it is in the trash.
      if (isOpen) await navigate("/");
      const done = await orSay(putIntoTrash(refOf(item)), {
        forbidden: { what: `You can’t put “${item.title}” into the trash.`, next: "Ask its owner to do it." },
      });
      if (done) showUndo(`“${item.title}” is in the trash.`, () => restore(refOf(item)));
    },
    setFavourite: (item: Item, favourite: boolean) =>
      orSay(setFavourite({ ...refOf(item), favourite }), {
        limit: { what: "You have very many favourites.", next: "Take one away, then add this one." },
      }),
    setIcon: (item: Item, icon: string | null) => orSay(setIcon({ ...refOf(item), icon })),
    duplicate: async (item: ItemRef) => {
      const attempt = makeCopy(refOf(item));
      if (await orSay(attempt)) await navigate(pathOf({ kind: item.kind, resourceId: await attempt }));
    },
    move: (item: ItemRef, to: Destination, beforeId: string | null) =>
      orSay(moveTo({ ...refOf(item), to, beforeId }), MOVE_FAILED),
  };
}
