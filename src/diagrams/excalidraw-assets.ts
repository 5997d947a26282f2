declare global {
  interface Window {
    EXCALIDRAW_ASSET_PATH?: string | string[];
  }
}

/**
 * Where Excalidraw finds its fonts: served by ourselves, see vite.config.ts. Without this it asks a public CDN.
 * To be set before Excalidraw is imported, which registers its fonts at once.
 */
window.EXCALIDRAW_ASSET_PATH = "/excalidraw/";

export {};
