import { Skeleton } from "@mantine/core";
import classes from "./DiagramSkeleton.module.css";

/** The tools and the empty sheet, where they will be. What is going on is said by the status line. */
export function DiagramSkeleton() {
  return (
    <div className={classes.sheet} aria-hidden="true">
      <Skeleton height={42} width="min(560px, 80%)" radius="md" mx="auto" />
    </div>
  );
}
