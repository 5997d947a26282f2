/** What of a drawing is seen, as a rectangle of the scene: all of it fits on the other's screen, whatever its shape. */
import type { ExcalidrawImperativeAPI, NormalizedZoomValue } from "@excalidraw/excalidraw/types";
import type { Viewport } from "../presence/viewport";

/** Excalidraw's own limits. */
const ZOOM_MIN = 0.1;
const ZOOM_MAX = 30;

/** The drawing, which answers `null` until Excalidraw is there, and calls back when it is scrolled or zoomed. */
interface Scrollable {
  drawing: () => ExcalidrawImperativeAPI | null;
  onMove: Viewport["onMove"];
}

export function diagramViewport({ drawing, onMove }: Scrollable): Viewport {
  return {
    read() {
      const state = drawing()?.getAppState();
      if (state === undefined || state.width <= 0 || state.height <= 0) return null;
      const { scrollX, scrollY, zoom, width, height } = state;
      return {
        kind: "diagram",
        x: -scrollX,
        y: -scrollY,
        width: width / zoom.value,
        height: height / zoom.value,
      };
    },
    show(view) {
      const canvas = drawing();
      if (view.kind !== "diagram" || canvas === null) return;
      const { width, height } = canvas.getAppState();
      const fit = Math.min(width / view.width, height / view.height);
      const value = Math.min(ZOOM_MAX, Math.max(ZOOM_MIN, fit));
      canvas.updateScene({
        appState: {
          zoom: { value: value as NormalizedZoomValue },
          // In the middle: the two screens have different shapes.
          scrollX: width / value / 2 - (view.x + view.width / 2),
          scrollY: height / value / 2 - (view.y + view.height / 2),
        },
      });
    },
    onMove,
  };
}
