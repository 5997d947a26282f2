import { Skeleton } from "@mantine/core";
import classes from "./PageSkeleton.module.css";

/** Stands where a page will be while its code is fetched. */
export function PageSkeleton() {
  return (
    <div className={classes.page}>
      <p role="status" className={classes.text}>
        Loading…
      </p>
      <div className={classes.lines} aria-hidden="true">
        <Skeleton height={32} width="45%" radius="md" />
        <Skeleton height={14} width="90%" radius="sm" />
        <Skeleton height={14} width="82%" radius="sm" />
        <Skeleton height={14} width="64%" radius="sm" />
      </div>
    </div>
  );
}
