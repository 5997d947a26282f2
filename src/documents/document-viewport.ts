/**
 * What of a document is seen, as the block at the upper edge: the same words, however wide the other's screen is.
 */
import type { Viewport } from "../presence/viewport";

const BLOCK = '[data-node-type="blockContainer"][data-id]';

/** `content` is the editor's element; what scrolls is the page around it. */
export function documentViewport(content: HTMLElement): Viewport | null {
  const scroller = content.closest("main");
  if (scroller === null) return null;
  /** The page's own header stays at the top, over the text. */
  const upperEdge = () => {
    const header = scroller.querySelector("header");
    return header === null ? scroller.getBoundingClientRect().top : header.getBoundingClientRect().bottom;
  };
  return {
    read() {
      const edge = upperEdge();
      for (const block of content.querySelectorAll(BLOCK)) {
        const { top, bottom, height } = block.getBoundingClientRect();
        const id = block.getAttribute("data-id");
        if (bottom <= edge || id === null || id === "") continue;
        return { kind: "doc", block: id, above: Math.min(1, Math.max(0, (edge - top) / height)) };
      }
      return null;
    },
    show(view) {
      if (view.kind !== "doc") return;
      const block = content.querySelector(`${BLOCK}[data-id="${CSS.escape(view.block)}"]`);
      if (block === null) return;
      const { top, height } = block.getBoundingClientRect();
      scroller.scrollBy({ top: top + view.above * height - upperEdge(), behavior: "instant" });
    },
    onMove(moved) {
      scroller.addEventListener("scroll", moved, { passive: true });
      return () => scroller.removeEventListener("scroll", moved);
    },
  };
}
