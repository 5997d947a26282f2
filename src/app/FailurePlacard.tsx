import { Button } from "@mantine/core";
import { Link } from "react-router";
import { explain } from "./messages";
import { Placard } from "./Placard";

/** Instead of a page that could not be shown: what happened, and the two ways on. */
export function FailurePlacard({ error }: { error: unknown }) {
  const { what, next } = explain(error);
  return (
    <Placard
      title={what.replace(/\.$/, "")}
      actions={
        <>
          <Button onClick={() => location.reload()}>Reload the page</Button>
          <Button component={Link} to="/" variant="default">
            Go to your workspace
          </Button>
        </>
      }
    >
      {next}
    </Placard>
  );
}
