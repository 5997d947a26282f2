/** Who knows of edits that would be gone with the page. */
export interface UnsavedSource {
  hasUnsaved: () => boolean;
  /** Calls `onChange` whenever `hasUnsaved` may answer differently; returns how to stop that. */
  subscribe: (onChange: () => void) => () => void;
}

/**
 * Has the browser ask before the page goes away with unsaved edits. The listener is there only as long as there
 * are some: merely having one keeps a page out of the back/forward cache.
 */
export function guardUnload(source: UnsavedSource, page: EventTarget): () => void {
  const ask = (event: Event) => event.preventDefault();
  const update = () => {
    if (source.hasUnsaved()) page.addEventListener("beforeunload", ask);
    else page.removeEventListener("beforeunload", ask);
  };
  const unsubscribe = source.subscribe(update);
  update();
  return () => {
    unsubscribe();
    page.removeEventListener("beforeunload", ask);
  };
}
