import { useState, useSyncExternalStore } from "react";
import { convex } from "../app/convex";
import { useBackendStatus } from "../app/useBackendStatus";
import { timeInWords } from "./as-of";
import classes from "./AsOf.module.css";

/** Over lists that come from this device: since when they may have changed. */
export function AsOf() {
  const status = useBackendStatus();
  const at = useSyncExternalStore(convex.subscribe, convex.asOf);
  const [now] = useState(Date.now);
  if (status === "connected" || at === null) return null;
  return <p className={classes.note}>As of {timeInWords(at, now)}. There may be changes since.</p>;
}
