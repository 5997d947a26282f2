/** Whether the person is at work in this page, as far as their hands show it. */
import type { Attention } from "./connection-policy";

/** Somebody whose hands have rested for so long is thinking, or gone. */
export const IDLE_AFTER_MS = 60_000;

const SIGNS = ["pointermove", "pointerdown", "keydown", "wheel", "focus"];

/** Tells now and whenever it changes; returns how to stop. */
export function watchAttention(tell: (attention: Attention) => void): () => void {
  let current: Attention | null = null;
  let lastSign = Date.now();
  let timer: ReturnType<typeof setTimeout> | null = null;

  const look = () => {
    if (timer !== null) clearTimeout(timer);
    const rest = lastSign + IDLE_AFTER_MS - Date.now();
    const hidden = document.visibilityState === "hidden";
    timer = hidden || rest <= 0 ? null : setTimeout(look, rest);
    const next = hidden ? "hidden" : rest > 0 ? "here" : "idle";
    if (next === current) return;
    current = next;
    tell(next);
  };
  const onSign = () => {
    lastSign = Date.now();
    if (current !== "here") look();
  };

  for (const sign of SIGNS) addEventListener(sign, onSign, { passive: true, capture: true });
  document.addEventListener("visibilitychange", look);
  look();
  return () => {
    if (timer !== null) clearTimeout(timer);
    for (const sign of SIGNS) removeEventListener(sign, onSign, { capture: true });
    document.removeEventListener("visibilitychange", look);
  };
}
