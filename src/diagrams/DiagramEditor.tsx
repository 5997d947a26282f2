import "@excalidraw/excalidraw/index.css";
import { CaptureUpdateAction, Excalidraw, MainMenu } from "@excalidraw/excalidraw";
import type { OrderedExcalidrawElement } from "@excalidraw/excalidraw/element/types";
import type { AppState, ExcalidrawImperativeAPI, ExcalidrawProps } from "@excalidraw/excalidraw/types";
import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef } from "react";
import { DIAGRAM_ELEMENTS } from "../../protocol/content";
import type { RoomSession } from "../collaboration/room-session";
import { collaboratorsIn } from "./collaborators";
import { bindDiagram, type DiagramBinding, type Scene } from "./diagram-binding";
import classes from "./DiagramEditor.module.css";

interface DiagramEditorProps {
  session: RoomSession;
  editable: boolean;
  title: string;
}

/** What a shared drawing has no use for: opening a file replaces everybody's drawing, images are not kept yet. */
const UI_OPTIONS: NonNullable<ExcalidrawProps["UIOptions"]> = {
  canvasActions: { loadScene: false, saveToActiveFile: false, toggleTheme: false, clearCanvas: false },
  tools: { image: false },
};

/** The drawing itself. To be shown once the diagram's content is known. */
export default function DiagramEditor({ session, editable, title }: DiagramEditorProps) {
  const colorScheme = useComputedColorScheme("light");
  const drawing = useRef<ExcalidrawImperativeAPI | null>(null);
  const binding = useRef<DiagramBinding | null>(null);
  const mayWrite = useRef(editable);
  const { doc, awareness } = session;

  useEffect(() => {
    mayWrite.current = editable;
  }, [editable]);

  useEffect(() => {
    const showOthers = () => {
      const collaborators = collaboratorsIn(awareness.getStates(), awareness.clientID);
      drawing.current?.updateScene({ collaborators });
    };
    const flush = () => binding.current?.flush();
    awareness.on("change", showOthers);
    // The last stretch of a drag must not wait for a timer that a closing page never reaches.
    addEventListener("pointerup", flush);
    addEventListener("pagehide", flush);
    return () => {
      awareness.off("change", showOthers);
      removeEventListener("pointerup", flush);
      removeEventListener("pagehide", flush);
      binding.current?.stop();
      binding.current = null;
      awareness.setLocalStateField("pointer", null);
      awareness.setLocalStateField("selection", null);
    };
  }, [awareness]);

  function onChange(elements: readonly OrderedExcalidrawElement[], appState: AppState) {
    const api = drawing.current;
    // While it is loading, Excalidraw is about to replace the scene by an empty one.
    if (api === null || appState.isLoading) return;
    if (binding.current === null) {
      binding.current = bindDiagram(doc.getMap(DIAGRAM_ELEMENTS), sceneOf(api), {
        mayWrite: () => mayWrite.current,
        nonce: () => Math.floor(Math.random() * 2 ** 31),
      });
      api.updateScene({ collaborators: collaboratorsIn(awareness.getStates(), awareness.clientID) });
      if (elements.length === 0) api.scrollToContent(undefined, { fitToViewport: false, animate: false });
    } else {
      binding.current.sceneChanged();
    }
    const selection = Object.keys(appState.selectedElementIds).slice(0, SELECTION_MAX);
    const published: unknown = awareness.getLocalState()?.selection ?? [];
    if (JSON.stringify(selection) !== JSON.stringify(published)) {
      awareness.setLocalStateField("selection", selection);
    }
  }

  return (
    <div className={classes.canvas} role="region" aria-label="Diagram">
      <Excalidraw
        excalidrawAPI={(api) => {
          drawing.current = api;
        }}
        onChange={onChange}
        onPointerUpdate={({ pointer, button }) => {
          awareness.setLocalState({ ...awareness.getLocalState(), pointer, button });
        }}
        onPaste={({ files, elements }) => {
          const hasImage = elements?.some(({ type }) => type === "image") ?? false;
          if (files === undefined && !hasImage) return true;
          drawing.current?.setToast({ message: NO_IMAGES, closable: true });
          return false;
        }}
        viewModeEnabled={!editable}
        theme={colorScheme}
        name={title}
        UIOptions={UI_OPTIONS}
        aiEnabled={false}
        isCollaborating
      >
        <MainMenu>
          <MainMenu.DefaultItems.SaveAsImage />
          <MainMenu.DefaultItems.SearchMenu />
          <MainMenu.DefaultItems.Help />
        </MainMenu>
      </Excalidraw>
    </div>
  );
}

/** Of ids of selected elements that are shown to others: more would not fit an awareness entry. */
const SELECTION_MAX = 100;

const NO_IMAGES = "Images can’t be put into diagrams yet. Shapes and text from the same place can.";

function sceneOf(api: ExcalidrawImperativeAPI): Scene<OrderedExcalidrawElement> {
  return {
    read: () => api.getSceneElementsIncludingDeleted(),
    write: (elements) => api.updateScene({ elements, captureUpdate: CaptureUpdateAction.NEVER }),
    beingShaped: () => {
      const { editingTextElement, resizingElement, newElement, multiElement, editingLinearElement } =
        api.getAppState();
      const shaped = [editingTextElement, resizingElement, newElement, multiElement];
      const ids = shaped.map((element) => element?.id).concat(editingLinearElement?.elementId);
      return new Set(ids.filter((id) => id !== undefined));
    },
  };
}
