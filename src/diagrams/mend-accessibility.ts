/**
 * Mends what a screen reader cannot make sense of in Excalidraw 0.18, now and whenever it draws a control anew:
 * a menu button without a name, a zoom button whose name hides the zoom that it shows, and a footer that claims
 * to be the page's. Returns how to stop.
 */
export function mendAccessibility(container: HTMLElement): () => void {
  const mend = () => {
    for (const button of container.querySelectorAll(".main-menu-trigger:not([aria-label])")) {
      button.setAttribute("aria-label", "Diagram menu");
    }
    // Its text is the zoom, and its title says what a press does.
    for (const button of container.querySelectorAll(".reset-zoom-button[aria-label]")) {
      button.removeAttribute("aria-label");
    }
    for (const footer of container.querySelectorAll("footer[role=contentinfo]")) {
      footer.removeAttribute("role");
    }
  };
  mend();
  const observer = new MutationObserver(mend);
  observer.observe(container, { childList: true, subtree: true });
  return () => observer.disconnect();
}
