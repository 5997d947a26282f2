import type { Awareness } from "y-protocols/awareness";
import type * as Y from "yjs";

interface ProviderOptions {
  host: string;
  room: string;
  doc: Y.Doc;
  /** A class with the interface of the browser's. */
  WebSocket: unknown;
}

interface Provider {
  awareness: Pick<Awareness, "getStates" | "setLocalState" | "on" | "destroy">;
  /** In sync with the server for the first time. */
  synced: Promise<void>;
  destroy(): void;
}

export function openHocuspocus(options: ProviderOptions): Provider;
export function openYWebsocket(options: ProviderOptions): Provider;
