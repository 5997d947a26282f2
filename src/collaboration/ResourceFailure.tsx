import { FailurePlacard } from "../app/FailurePlacard";
import type { Failure } from "../app/messages";
import { NoAccess } from "../app/NoAccess";
import { NotFound } from "../app/NotFound";
import { Trashed } from "../app/Trashed";
import type { Noun } from "./status-text";

interface ResourceFailureProps {
  failure: Failure;
  error: Error;
  noun: Noun;
  resourceId: string;
}

/** Instead of a document or diagram that Convex does not show to this person, or not now. */
export function ResourceFailure({ failure, error, noun, resourceId }: ResourceFailureProps) {
  if (failure.kind === "refused") {
    if (failure.code === "forbidden") return <NoAccess what={noun} />;
    if (failure.code === "trashed") {
      return <Trashed kind={noun === "document" ? "doc" : "diagram"} resourceId={resourceId} />;
    }
    if (failure.code === "not_found" || failure.code === "invalid") return <NotFound />;
  }
  return <FailurePlacard error={error} />;
}
