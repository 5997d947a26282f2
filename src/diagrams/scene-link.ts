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
import { watchStillness, type Stillness } from "../collaboration/stillness";
import { collaboratorsIn } from "./collaborators";
import { bindDiagram, type DiagramBinding, type Scene } from "./diagram-binding";
import { holdsIn, type Holds } from "./holds";

/** Of ids of selected elements that are shown to others: more would not fit an awareness entry. */
const SELECTION_MAX = 100;

/** How long somebody is told that another one moves what they have in hand. */
const HOLD_TOAST_MS = 4_000;

const NO_IMAGES = "Images can’t be put into diagrams yet. Shapes and text from the same place can.";

const NO_HOLDS: Holds = { byOthers: new Map(), until: null };

export class SceneLink {
  #editable = false;
  /** What the person drags at this moment, and what others do. */
  #held: string[] = [];
  #holds = NO_HOLDS;
  /** Who the person was told has this in hand. */
  #toldOf: string | null = null;
  #holdTimer: ReturnType<typeof setTimeout> | null = null;
  #session: RoomSession | null = null;
  #stillness: Stillness | null = null;
  #drawing: ExcalidrawImperativeAPI | null = null;
  readonly #moved = new Set<() => void>();
  #binding: DiagramBinding | null = null;

  /** Connects the drawing with a session; returns how to part them. */
  attach(session: RoomSession): () => void {
    this.#session = session;
    const { awareness } = session;
    awareness.on("update", this.#showOthers);
    this.#stillness = watchStillness(awareness, ({ pointer }) => pointer, this.#showOthers);
    // The last stretch of a drag must not wait for a timer that a closing page never reaches.
    addEventListener("pointerup", this.#flush);
    addEventListener("pagehide", this.#flush);
    return () => {
      awareness.off("update", this.#showOthers);
      this.#stillness?.stop();
      this.#stillness = null;
      if (this.#holdTimer !== null) clearTimeout(this.#holdTimer);
      removeEventListener("pointerup", this.#flush);
      removeEventListener("pagehide", this.#flush);
      this.#binding?.stop();
      this.#binding = null;
      this.#session = null;
      this.#held = [];
      this.#holds = NO_HOLDS;
      const left = { pointer: null, button: null, selection: [], held: [] };
      awareness.setLocalState({ ...awareness.getLocalState(), ...left });
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

  readonly drawing = (): ExcalidrawImperativeAPI | null => this.#drawing;

  /** Calls back when the drawing is scrolled or zoomed, by whomever; returns how to stop that. */
  readonly onMove = (moved: () => void): (() => void) => {
    this.#moved.add(moved);
    return () => this.#moved.delete(moved);
  };

  readonly onScrollChange = (): void => {
    for (const moved of this.#moved) moved();
  };

  readonly onChange = (_elements: readonly OrderedExcalidrawElement[], appState: AppState): void => {
    // While it is loading, Excalidraw is about to replace the scene by an empty one.
    if (this.#session === null || this.#drawing === null || appState.isLoading) return;
    if (this.#binding === null) this.#bind(this.#session, this.#drawing);
    else this.#binding.sceneChanged();
    this.#publishSelection(this.#session, appState);
    this.#publishHeld(this.#session, appState);
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
      isHeld: (id) => this.#holds.byOthers.has(id),
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

  /** What somebody else has in hand cannot be held too. The person sees why the others do not see their change yet. */
  #publishHeld({ awareness }: RoomSession, appState: AppState) {
    const { selectedElementsAreBeingDragged: drags, isResizing, isRotating, selectedElementIds } = appState;
    const inHand =
      this.#editable && (drags || isResizing || isRotating) ? Object.keys(selectedElementIds) : [];
    if (inHand.length === 0) this.#toldOf = null;
    const taken = inHand.find((id) => this.#holds.byOthers.has(id));
    const holder = taken === undefined ? undefined : this.#holds.byOthers.get(taken);
    // Once for each drag: to say it is a change of the scene's state, which calls this again.
    if (holder !== undefined && holder !== this.#toldOf) {
      this.#toldOf = holder;
      this.#sayTaken(holder);
    }
    const held = inHand.filter((id) => !this.#holds.byOthers.has(id)).slice(0, SELECTION_MAX);
    if (JSON.stringify(held) === JSON.stringify(this.#held)) return;
    this.#held = held;
    awareness.setLocalStateField("held", held);
  }

  #sayTaken(name: string) {
    const message = `${name} is moving this. Your change follows when they let go.`;
    this.#drawing?.setToast({ message, closable: true, duration: HOLD_TOAST_MS });
  }

  /** Notices holds that begin and end. A hold also ends without a word, by silence: a timer is its word. */
  #readHolds({ awareness }: RoomSession) {
    if (this.#holdTimer !== null) clearTimeout(this.#holdTimer);
    const before = this.#holds.byOthers;
    this.#holds = holdsIn(awareness, this.#held, Date.now());
    const { byOthers, until } = this.#holds;
    this.#holdTimer = until === null ? null : setTimeout(this.#showOthers, until - Date.now());
    if ([...before.keys()].some((id) => !byOthers.has(id))) this.#binding?.sceneChanged();
  }

  readonly #showOthers = (): void => {
    const awareness = this.#session?.awareness;
    if (this.#session === null || awareness === undefined || this.#binding === null) return;
    this.#readHolds(this.#session);
    const isStill = (clientId: number) => this.#stillness?.isStill(clientId) ?? false;
    const collaborators = collaboratorsIn(awareness.getStates(), awareness.clientID, isStill);
    this.#drawing?.updateScene({ collaborators });
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
