/**
 * Excalidraw on one side, the room's session on the other. Excalidraw is given these handlers once; the session
 * comes and goes (StrictMode mounts twice), and after `detach` nothing here leads to it any more, because
 * Excalidraw's last instance stays reachable from a global while developing.
 */
import { CaptureUpdateAction } from "@excalidraw/excalidraw";
import type { OrderedExcalidrawElement } from "@excalidraw/excalidraw/element/types";
import type { AppState, ExcalidrawImperativeAPI, ExcalidrawProps } from "@excalidraw/excalidraw/types";
import { DIAGRAM_ELEMENTS } from "../../protocol/content";
import type { RoomSession } from "../collaboration/room-session";
import { collaboratorsIn } from "./collaborators";
import { bindDiagram, type DiagramBinding, type Scene } from "./diagram-binding";

/** Of ids of selected elements that are shown to others: more would not fit an awareness entry. */
const SELECTION_MAX = 100;

const NO_IMAGES = "Images can’t be put into diagrams yet. Shapes and text from the same place can.";

export class SceneLink {
  #editable = false;
  #session: RoomSession | null = null;
  #drawing: ExcalidrawImperativeAPI | null = null;
  #binding: DiagramBinding | null = null;

  /** Connects the drawing with a session; returns how to part them. */
  attach(session: RoomSession): () => void {
    this.#session = session;
    const { awareness } = session;
    awareness.on("change", this.#showOthers);
    // The last stretch of a drag must not wait for a timer that a closing page never reaches.
    addEventListener("pointerup", this.#flush);
    addEventListener("pagehide", this.#flush);
    return () => {
      awareness.off("change", this.#showOthers);
      removeEventListener("pointerup", this.#flush);
      removeEventListener("pagehide", this.#flush);
      this.#binding?.stop();
      this.#binding = null;
      this.#session = null;
      awareness.setLocalState({ ...awareness.getLocalState(), pointer: null, button: null, selection: [] });
    };
  }

  /** Whether what the person draws goes to the room. */
  setEditable(editable: boolean): void {
    this.#editable = editable;
  }

  /** For Excalidraw, which calls it while it is constructed: too early to do anything but remember. */
  readonly takeDrawing = (drawing: ExcalidrawImperativeAPI): void => {
    this.#drawing = drawing;
  };

  readonly onChange = (_elements: readonly OrderedExcalidrawElement[], appState: AppState): void => {
    // While it is loading, Excalidraw is about to replace the scene by an empty one.
    if (this.#session === null || this.#drawing === null || appState.isLoading) return;
    if (this.#binding === null) this.#bind(this.#session, this.#drawing);
    else this.#binding.sceneChanged();
    this.#publishSelection(this.#session, appState);
  };

  readonly onPointerUpdate: NonNullable<ExcalidrawProps["onPointerUpdate"]> = ({ pointer, button }) => {
    const awareness = this.#session?.awareness;
    awareness?.setLocalState({ ...awareness.getLocalState(), pointer, button });
  };

  /** An image would show on this screen only, and be gone after a reload. */
  readonly onPaste: NonNullable<ExcalidrawProps["onPaste"]> = ({ files, elements }) => {
    // Excalidraw copies an empty list of files along with plain shapes.
    const hasFile = Object.keys(files ?? {}).length > 0;
    if (!hasFile && !elements?.some(({ type }) => type === "image")) return true;
    this.#drawing?.setToast({ message: NO_IMAGES, closable: true });
    return false;
  };

  #bind(session: RoomSession, drawing: ExcalidrawImperativeAPI) {
    this.#binding = bindDiagram(session.doc.getMap(DIAGRAM_ELEMENTS), sceneOf(drawing), {
      mayWrite: () => this.#editable,
      nonce: () => Math.floor(Math.random() * 2 ** 31),
    });
    this.#showOthers();
    drawing.scrollToContent(undefined, { animate: false });
  }

  #publishSelection({ awareness }: RoomSession, { selectedElementIds }: AppState) {
    const selection = Object.keys(selectedElementIds).slice(0, SELECTION_MAX);
    const published: unknown = awareness.getLocalState()?.selection ?? [];
    if (JSON.stringify(selection) !== JSON.stringify(published)) {
      awareness.setLocalStateField("selection", selection);
    }
  }

  readonly #showOthers = (): void => {
    const awareness = this.#session?.awareness;
    if (awareness === undefined || this.#binding === null) return;
    this.#drawing?.updateScene({ collaborators: collaboratorsIn(awareness.getStates(), awareness.clientID) });
  };

  readonly #flush = (): void => this.#binding?.flush();
}

function sceneOf(drawing: ExcalidrawImperativeAPI): Scene<OrderedExcalidrawElement> {
  return {
    read: () => drawing.getSceneElementsIncludingDeleted(),
    write: (elements) => drawing.updateScene({ elements, captureUpdate: CaptureUpdateAction.NEVER }),
    beingShaped: () => {
      const { editingTextElement, resizingElement, newElement, multiElement, editingLinearElement } =
        drawing.getAppState();
      const shaped = [editingTextElement, resizingElement, newElement, multiElement];
      const ids = shaped.map((element) => element?.id).concat(editingLinearElement?.elementId);
      return new Set(ids.filter((id) => id !== undefined));
    },
  };
}
