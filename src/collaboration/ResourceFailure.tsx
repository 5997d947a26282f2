import { Button } from "@mantine/core";
import { Link } from "react-router";
import { explain, type Failure } from "../app/messages";
import { NoAccess } from "../app/NoAccess";
import { NotFound } from "../app/NotFound";
import { Placard } from "../app/Placard";
import type { Noun } from "./status-text";

interface ResourceFailureProps {
  failure: Failure;
  error: Error;
  noun: Noun;
}

/** Instead of a document or diagram that Convex does not show to this person, or not now. */
export function ResourceFailure({ failure, error, noun }: ResourceFailureProps) {
  if (failure.kind === "refused") {
    if (failure.code === "forbidden") return <NoAccess what={noun} />;
    if (failure.code === "not_found" || failure.code === "invalid") return <NotFound />;
  }
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
