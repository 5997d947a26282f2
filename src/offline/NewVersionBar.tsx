import { Button, CloseButton } from "@mantine/core";
import { useState } from "react";
import { takeNewVersion, useNewVersion } from "./new-version";
import classes from "./NewVersionBar.module.css";

/** Offers a new version of the page, over it and out of the way: nothing moves under somebody's hands. */
export function NewVersionBar() {
  const isReady = useNewVersion();
  const [isPutOff, setPutOff] = useState(false);
  return (
    <div role="status" className={classes.region}>
      {isReady && !isPutOff && (
        <div className={classes.bar}>
          <span>A new version is ready.</span>
          <Button size="compact-sm" onClick={takeNewVersion}>
            Reload
          </Button>
          <CloseButton size="sm" aria-label="Not now" onClick={() => setPutOff(true)} />
        </div>
      )}
    </div>
  );
}
