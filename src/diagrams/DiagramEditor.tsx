import "@excalidraw/excalidraw/index.css";
import { Excalidraw, MainMenu } from "@excalidraw/excalidraw";
import type { ExcalidrawProps } from "@excalidraw/excalidraw/types";
import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useState } from "react";
import type { RoomSession } from "../collaboration/room-session";
import { useJustCreated } from "../workspace/just-created";
import { useSharedViewport } from "../presence/viewport";
import classes from "./DiagramEditor.module.css";
import { diagramViewport } from "./diagram-viewport";
import { mendAccessibility } from "./mend-accessibility";
import { SceneLink } from "./scene-link";

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

const MENU = (
  <MainMenu>
    <MainMenu.DefaultItems.SaveAsImage />
    <MainMenu.DefaultItems.SearchMenu />
    <MainMenu.DefaultItems.Help />
  </MainMenu>
);

/** A ref callback that outlives no element: React calls what it returns when the element goes. */
const mend = (container: HTMLDivElement | null) =>
  container === null ? undefined : mendAccessibility(container);

/** The drawing itself. To be shown once the diagram's content is known. */
export default function DiagramEditor({ session, editable, title }: DiagramEditorProps) {
  const colorScheme = useComputedColorScheme("light");
  const startDrawing = useJustCreated();
  const [link] = useState(() => new SceneLink());
  const [viewport] = useState(() => diagramViewport(link));
  useSharedViewport(session.roomId, viewport);
  useEffect(() => link.attach(session), [link, session]);
  useEffect(() => link.setEditable(editable), [link, editable]);
  return (
    <div ref={mend} className={classes.canvas} role="region" aria-label="Diagram">
      <Excalidraw
        excalidrawAPI={link.takeDrawing}
        onChange={link.onChange}
        onPointerUpdate={link.onPointerUpdate}
        onPaste={link.onPaste}
        onScrollChange={link.onScrollChange}
        viewModeEnabled={!editable}
        theme={colorScheme}
        name={title}
        UIOptions={UI_OPTIONS}
        aiEnabled={false}
        isCollaborating
        autoFocus={startDrawing}
      >
        {MENU}
      </Excalidraw>
    </div>
  );
}
