import { Button } from "@mantine/core";
import { useMutation, useQuery_experimental as useQueryResult } from "convex/react";
import { useState } from "react";
import { Link } from "react-router";
import { api } from "../../convex/_generated/api";
import type { ResourceKind } from "../../protocol/rooms";
import { FailureNote } from "./FailureNote";
import { explain, type Explanation } from "./messages";
import { Placard } from "./Placard";

interface TrashedProps {
  kind: ResourceKind;
  resourceId: string;
}

/** Instead of a document or diagram that lies in the trash, itself or with the document around it. */
export function Trashed({ kind, resourceId }: TrashedProps) {
  const noun = kind === "doc" ? "document" : "diagram";
  const result = useQueryResult({ query: api.trash.look, args: { kind, resourceId } });
  const restore = useMutation(api.trash.restore);
  const [failure, setFailure] = useState<Explanation | null>(null);
  const trashed = result.status === "success" ? result.data : null;
  const around = trashed !== null && trashed.resourceId !== resourceId ? trashed.title : null;
  return (
    <Placard
      title={`This ${noun} is in the trash`}
      actions={
        <>
          {trashed?.mayRestore === true && (
            <Button
              onClick={() => {
                setFailure(null);
                restore({ kind: trashed.kind, resourceId: trashed.resourceId }).catch((error: unknown) =>
                  setFailure(explain(error)),
                );
              }}
            >
              {around === null ? `Restore this ${noun}` : `Restore “${around}”`}
            </Button>
          )}
          <Button component={Link} to="/" variant="default">
            Go to your workspace
          </Button>
        </>
      }
    >
      {around !== null && <>It lies in “{around}”, which somebody put into the trash. </>}
      {trashed?.mayRestore === true
        ? "Restore it to go on; otherwise it is deleted for good in a while."
        : "Somebody who can edit it can restore it. As soon as they do, this page shows it again."}
      {failure !== null && <FailureNote explanation={failure} />}
    </Placard>
  );
}
