import { Skeleton } from "@mantine/core";
import classes from "./DocumentSkeleton.module.css";

/** Lines where the text will be. What is going on is said by the status line. */
export function DocumentSkeleton() {
  return (
    <div className={classes.lines} aria-hidden="true">
      <Skeleton height={14} width="88%" radius="sm" />
      <Skeleton height={14} width="94%" radius="sm" />
      <Skeleton height={14} width="71%" radius="sm" />
      <Skeleton height={14} width="83%" radius="sm" mt={18} />
      <Skeleton height={14} width="52%" radius="sm" />
    </div>
  );
}
