import { IconCloudOff } from "@tabler/icons-react";
import classes from "./ConnectionBanner.module.css";
import { useBackendStatus } from "./useBackendStatus";

const TEXTS = {
  offline: "You are offline. Ripple connects again by itself as soon as your internet is back.",
  unreachable: "Ripple can’t reach its server. It keeps trying; what you see here may be out of date.",
};

/** Says, calmly and in the flow of the page, that Convex cannot be reached. Empty while all is well. */
export function ConnectionBanner() {
  const status = useBackendStatus();
  return (
    <div role="status" className={classes.region}>
      {status !== "connected" && (
        <p className={classes.banner}>
          <IconCloudOff size={18} aria-hidden="true" />
          <span>{TEXTS[status]}</span>
        </p>
      )}
    </div>
  );
}
