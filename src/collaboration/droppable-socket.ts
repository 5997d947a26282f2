/**
 * Sockets that can be given up at once. `close()` asks the other end to agree, and on a dead line the browser waits
 * for that for many seconds before it says that the socket has closed. A socket that is dropped says so now, and
 * nothing that comes of it later is heard.
 */
const dropped = new WeakSet<WebSocket>();

/** The same kind of WebSocket, whose sockets `drop` can give up. `onMessage` hears of every message that comes. */
export function droppable(Base: typeof WebSocket, onMessage: () => void): typeof WebSocket {
  function Droppable(url: string) {
    const socket = new Base(url);
    // The first listeners that it gets: they decide whether the others hear of an event.
    for (const type of ["message", "close", "error"]) {
      socket.addEventListener(type, (event) => {
        if (dropped.has(socket)) event.stopImmediatePropagation();
        else if (type === "message") onMessage();
      });
    }
    return socket;
  }
  return Droppable as unknown as typeof WebSocket;
}

export function drop(socket: WebSocket): void {
  socket.dispatchEvent(Object.assign(new Event("close"), { code: 1006 }));
  dropped.add(socket);
  socket.close();
}
