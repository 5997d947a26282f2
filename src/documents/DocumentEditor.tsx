import "@blocknote/mantine/style.css";
import { BlockNoteEditor } from "@blocknote/core";
import { withCollaboration } from "@blocknote/core/yjs";
import { BlockNoteView } from "@blocknote/mantine";
import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useMemo, useState } from "react";
import { DOCUMENT_FRAGMENT } from "../../protocol/content";
import type { RoomSession } from "../collaboration/room-session";
import { useSharedViewport } from "../presence/viewport";
import { useJustCreated } from "../workspace/just-created";
import { othersCursors, type OthersCursors } from "./cursor";
import classes from "./DocumentEditor.module.css";
import { documentUndo } from "./document-undo";
import { documentViewport } from "./document-viewport";

interface DocumentEditorProps {
  session: RoomSession;
  editable: boolean;
}

/** The text itself. To be shown once the document's content is known and has its root. */
export function DocumentEditor({ session, editable }: DocumentEditorProps) {
  const colorScheme = useComputedColorScheme("light");
  // Not BlockNote's own hook: it keeps the newest editor, and with it the Y.Doc, in a global for good.
  const { editor, cursors } = useMemo(() => {
    const cursors = othersCursors(session.doc, session.awareness);
    return { editor: BlockNoteEditor.create(editorOptions(session, cursors)), cursors };
  }, [session]);
  useEffect(() => cursors.watch(), [cursors]);
  const startWriting = useJustCreated() && editable;
  useEffect(() => {
    if (startWriting) editor.focus();
  }, [editor, startWriting]);
  const [content, setContent] = useState<HTMLElement | null>(null);
  const viewport = useMemo(() => (content === null ? null : documentViewport(content)), [content]);
  useSharedViewport(session.roomId, viewport);
  return (
    <div ref={setContent} className={classes.content}>
      <BlockNoteView
        editor={editor}
        editable={editable}
        theme={colorScheme}
        className={classes.editor}
        data-editable={editable}
      />
    </div>
  );
}

function editorOptions({ doc, awareness, me }: RoomSession, { render }: OthersCursors) {
  const fragment = doc.getXmlFragment(DOCUMENT_FRAGMENT);
  return withCollaboration({
    extensions: [documentUndo(fragment)],
    domAttributes: { editor: { "aria-label": "Document", "aria-multiline": "true" } },
    collaboration: {
      fragment,
      user: { ...me },
      provider: { awareness },
      renderCursor: render,
      // BlockNote would otherwise wait for the mouse on elements that its own cursors have and these do not.
      showCursorLabels: "always",
    },
  });
}
