/** Who knows of edits that would be gone with the page. */
export interface RiskSource {
  isAtRisk: () => boolean;
  /** Calls `onChange` whenever `isAtRisk` may answer differently; returns how to stop that. */
  subscribe: (onChange: () => void) => () => void;
}

/**
 * Has the browser ask before the page goes away with edits that are nowhere else. The listener is there only as long as there
 * are some: merely having one keeps a page out of the back/forward cache.
 */
export function guardUnload(source: RiskSource, page: EventTarget): () => void {
  const ask = (event: Event) => event.preventDefault();
  const update = () => {
    if (source.isAtRisk()) page.addEventListener("beforeunload", ask);
    else page.removeEventListener("beforeunload", ask);
  };
  const unsubscribe = source.subscribe(update);
  update();
  return () => {
    unsubscribe();
    page.removeEventListener("beforeunload", ask);
  };
}
