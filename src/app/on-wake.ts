/** Calls `wake` when something that failed may work now: the network is back, or the person looks at the page again. */
export function onWake(wake: () => void): () => void {
  const wakeIfVisible = () => {
    if (document.visibilityState === "visible") wake();
  };
  addEventListener("online", wake);
  addEventListener("focus", wake);
  document.addEventListener("visibilitychange", wakeIfVisible);
  return () => {
    removeEventListener("online", wake);
    removeEventListener("focus", wake);
    document.removeEventListener("visibilitychange", wakeIfVisible);
  };
}
