/**
 * What runs inside the measured page: it notes when the page first shows something, on the page's own clock, and when
 * the frame with it has been painted. A press and a key count from the moment at which the browser took the input.
 *
 * A frame counts as painted in the first task after its `requestAnimationFrame` callbacks: style, layout and paint have
 * been done by then, and only the compositor is left.
 */
import type { Page } from "@playwright/test";

/** Milliseconds on `performance.now()`'s clock. */
export interface Sight {
  seen: number;
  painted: number;
}

/** What can be waited for: a selector that matches, and optionally how the text of the first match begins. */
export interface View {
  selector: string;
  text?: string;
}

export interface Probe {
  /** When the latest press of a pointer began; `NaN` when there was none. */
  pressedAt: number;
  /** When a field was last typed into. */
  inputAt: number;
  /** For each key since `watchKeys`: how long from its press until the next frame was painted. */
  keyTimes: number[];
  watch: (views: Record<string, View>) => void;
  sights: Record<string, Sight>;
  watchKeys: () => void;
  /** From `true` until `false`: how long each frame took. Returns them. */
  watchFrames: (on: boolean) => number[];
}

declare global {
  interface Window {
    probe: Probe;
  }
}

/** Installs the probe in every document that the page opens from now on, watching for `views` from its start. */
export async function installProbe(page: Page, views: Record<string, View>): Promise<void> {
  // The loader that runs this file wraps functions in a call of its own, which no page has.
  await page.addInitScript({ content: "globalThis.__name = (named) => named;" });
  await page.addInitScript(setUp, views);
}

/** Forgets what was seen and watches for these from now on. */
export async function watchFor(page: Page, views: Record<string, View>): Promise<void> {
  await page.evaluate((wanted) => window.probe.watch(wanted), views);
}

/** Waits until the view has been painted. */
export async function sightOf(page: Page, name: string, timeout = 60_000): Promise<Sight> {
  const sight = await page.waitForFunction(
    (wanted) => {
      const found = window.probe.sights[wanted];
      return found !== undefined && found.painted > 0 ? found : null;
    },
    name,
    { timeout, polling: 20 },
  );
  const value = await sight.jsonValue();
  if (value === null) throw new Error(`${name} was waited for and is not there`);
  return value;
}

/** Runs in the page, as text: it may use nothing from around itself. */
function setUp(atStart: Record<string, View>): void {
  let wanted = new Map<string, View>();
  const onPainted = (then: (at: number) => void): void => {
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => then(performance.now());
      channel.port2.postMessage(null);
    });
  };
  const isShown = ({ selector, text }: View): boolean => {
    const element = document.querySelector(selector);
    return element !== null && (text === undefined || element.textContent.startsWith(text));
  };
  const look = (): void => {
    for (const [name, view] of wanted) {
      if (!isShown(view)) continue;
      wanted.delete(name);
      const sight = { seen: performance.now(), painted: 0 };
      window.probe.sights[name] = sight;
      onPainted((at) => {
        sight.painted = at;
      });
    }
    if (wanted.size === 0) observer.disconnect();
  };
  let framesOn = false;
  let frames: number[] = [];
  const observer = new MutationObserver(look);
  window.probe = {
    pressedAt: NaN,
    inputAt: NaN,
    keyTimes: [],
    sights: {},
    watch: (views) => {
      observer.disconnect();
      wanted = new Map(Object.entries(views));
      window.probe.sights = {};
      observer.observe(document, {
        subtree: true,
        childList: true,
        characterData: true,
        attributes: true,
        attributeFilter: ["contenteditable", "class", "aria-label"],
      });
      look();
    },
    watchKeys: () => {
      window.probe.keyTimes = [];
      addEventListener(
        "keydown",
        ({ timeStamp }) => onPainted((at) => window.probe.keyTimes.push(at - timeStamp)),
        { capture: true },
      );
    },
    watchFrames: (on) => {
      framesOn = on;
      if (!on) return frames;
      frames = [];
      let last = performance.now();
      const onFrame = (now: number): void => {
        if (!framesOn) return;
        frames.push(now - last);
        last = now;
        requestAnimationFrame(onFrame);
      };
      requestAnimationFrame((now) => {
        last = now;
        requestAnimationFrame(onFrame);
      });
      return [];
    },
  };
  addEventListener("input", ({ timeStamp }) => (window.probe.inputAt = timeStamp), { capture: true });
  addEventListener("pointerdown", ({ timeStamp }) => (window.probe.pressedAt = timeStamp), { capture: true });
  window.probe.watch(atStart);
}
