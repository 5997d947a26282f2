import { startHocuspocus, startYWebsocket } from "./node";
import { startFloor, startRipple, startStock } from "./partykit";
import { startRippleWithConvex } from "./ripple-with-convex";
import type { RunningSystem, SystemName } from "./system";

/** `withConvex`: Ripple's access check is answered by the real functions of `convex/`. */
export function startSystem(name: SystemName, withConvex: boolean): Promise<RunningSystem> {
  switch (name) {
    case "ripple":
      return withConvex ? startRippleWithConvex() : startRipple();
    case "stock":
      return startStock();
    case "hocuspocus":
      return startHocuspocus();
    case "y-websocket":
      return startYWebsocket();
    case "floor":
      return startFloor();
  }
}
