/** The official providers of the systems that only the benchmark knows. Typed by hand in other-providers.d.mts. */
import { HocuspocusProvider, HocuspocusProviderWebsocket } from "@hocuspocus/provider";
import { WebsocketProvider } from "y-websocket";

export function openHocuspocus({ host, room, doc, WebSocket }) {
  const socket = new HocuspocusProviderWebsocket({ url: `ws://${host}`, WebSocketPolyfill: WebSocket });
  const provider = new HocuspocusProvider({
    websocketProvider: socket,
    name: room,
    document: doc,
    token: "",
  });
  provider.attach();
  return {
    awareness: provider.awareness,
    synced: new Promise((resolve) => provider.on("synced", () => resolve())),
    destroy() {
      provider.destroy();
      socket.destroy();
    },
  };
}

export function openYWebsocket({ host, room, doc, WebSocket }) {
  const provider = new WebsocketProvider(`ws://${host}`, room, doc, {
    WebSocketPolyfill: WebSocket,
    disableBc: true,
  });
  return {
    awareness: provider.awareness,
    synced: new Promise((resolve) => provider.on("sync", (isSynced) => isSynced && resolve())),
    destroy: () => provider.destroy(),
  };
}
