/**
 * How a new version of the page comes in. The browser fetches and installs it beside the one that is running (see
 * scripts/service-worker.ts), and there it waits: it takes over when the person says so, or when every tab has been
 * closed. Only the tab in which it was said reloads; the others go on with the code that they have, and still offer.
 */
import { useSyncExternalStore } from "react";

const SERVICE_WORKER = "/sw.js";

/** The browser looks by itself on every navigation; a page that stays open for days has none. */
const CHECK_EVERY_MS = 30 * 60 * 1000;

let registration: ServiceWorkerRegistration | null = null;
let isReady = false;
const listeners = new Set<() => void>();

/** Makes this page open without a network from now on, and looks for new versions of it from time to time. */
export function keepAppOffline(): void {
  // Outside secure contexts, and in some private windows, there are none: the page then needs its server.
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register(SERVICE_WORKER).then(watch, (error: unknown) => {
    console.warn("Ripple will not open without a network:", error);
  });
}

/** Whether a new version waits to be taken. */
export function useNewVersion(): boolean {
  return useSyncExternalStore(subscribe, () => isReady);
}

/** Takes the new version and reloads this page with it. Unsaved changes are asked about, as on every reload. */
export function takeNewVersion(): void {
  const waiting = registration?.waiting;
  if (waiting === undefined || waiting === null) {
    // Another tab has taken it already.
    location.reload();
    return;
  }
  waiting.addEventListener("statechange", () => {
    if (waiting.state === "activated") location.reload();
  });
  waiting.postMessage({ type: "SKIP_WAITING" });
}

function watch(registered: ServiceWorkerRegistration): void {
  registration = registered;
  if (registered.waiting !== null) announce();
  registered.addEventListener("updatefound", () => {
    const { installing } = registered;
    installing?.addEventListener("statechange", () => {
      // The first version that this browser gets is nothing new.
      if (installing.state === "installed" && registered.active !== null) announce();
    });
  });
  const check = (): void => {
    registered.update().catch(() => {
      // No network: the next check will tell.
    });
  };
  setInterval(check, CHECK_EVERY_MS);
  addEventListener("online", check);
}

function announce(): void {
  isReady = true;
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
