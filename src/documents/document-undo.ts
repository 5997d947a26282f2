/**
 * Undo that belongs to the document and not to the editor, so that it survives the editor.
 *
 * y-prosemirror makes an undo manager with each editor and destroys it whenever the editor leaves the page, which
 * under StrictMode is right after it came. Here there is one per Y.Doc; the editor's "destroy" only takes its own
 * listeners away, and the real end comes with the end of the Y.Doc.
 */
import { createExtension } from "@blocknote/core";
import { ObservableV2 } from "lib0/observable";
import {
  defaultDeleteFilter,
  defaultProtectedNodes,
  redoCommand,
  undoCommand,
  ySyncPluginKey,
  yUndoPlugin,
} from "y-prosemirror";
import * as Y from "yjs";

class DocumentUndoManager extends Y.UndoManager {
  constructor(fragment: Y.XmlFragment) {
    super(fragment, {
      // Edits from this page's editors come with this origin, everybody else's with the provider as theirs.
      trackedOrigins: new Set([ySyncPluginKey]),
      deleteFilter: (item) => defaultDeleteFilter(item, defaultProtectedNodes),
      captureTransaction: (transaction) => transaction.meta.get("addToHistory") !== false,
    });
  }

  override destroy(): void {
    ObservableV2.prototype.destroy.call(this);
  }
}

const managers = new WeakMap<Y.XmlFragment, DocumentUndoManager>();

/** The one undo manager of a document's fragment. */
export function undoManagerOf(fragment: Y.XmlFragment): Y.UndoManager {
  let manager = managers.get(fragment);
  if (manager === undefined) {
    manager = new DocumentUndoManager(fragment);
    managers.set(fragment, manager);
  }
  return manager;
}

/** Takes the place of BlockNote's extension of the same key, which is skipped because this one comes first. */
export function documentUndo(fragment: Y.XmlFragment) {
  return createExtension({
    key: "yUndo",
    prosemirrorPlugins: [yUndoPlugin({ undoManager: undoManagerOf(fragment) })],
    dependsOn: ["yCursor", "ySync"],
    undoCommand,
    redoCommand,
  });
}
