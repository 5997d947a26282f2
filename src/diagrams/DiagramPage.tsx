import "./excalidraw-assets";
import { useMutation } from "convex/react";
import { lazy, Suspense } from "react";
import { useParams } from "react-router";
import { api } from "../../convex/_generated/api";
import { ResourceFailure } from "../collaboration/ResourceFailure";
import { RoomPage } from "../collaboration/RoomPage";
import { useRoomFacts } from "../collaboration/useRoomFacts";
import { useRoom, type RoomFacts } from "../collaboration/useRoomSession";
import { PageSkeleton } from "../workspace/PageSkeleton";
import { DiagramSkeleton } from "./DiagramSkeleton";

// Imported after the line above that says where its fonts are, and before anybody waits for it.
const editorModule = import("./DiagramEditor");
const DiagramEditor = lazy(() => editorModule);

/** `/g/:diagramId`: one diagram, drawn by everybody who has it open. */
export default function DiagramPage() {
  const { diagramId = "" } = useParams();
  const diagram = useRoomFacts(api.diagrams.get, { diagramId }, "diagram", diagramId);
  switch (diagram.kind) {
    case "loading":
      return <PageSkeleton />;
    case "failed":
      return (
        <ResourceFailure
          failure={diagram.failure}
          error={diagram.error}
          noun="diagram"
          resourceId={diagramId}
        />
      );
    case "found":
      return <OpenDiagram key={diagramId} diagramId={diagramId} facts={diagram.summary} />;
  }
}

function OpenDiagram({ diagramId, facts }: { diagramId: string; facts: RoomFacts }) {
  const rename = useMutation(api.diagrams.rename);
  const { session, status, editable } = useRoom("diagram", diagramId, facts);
  return (
    <RoomPage
      kind="diagram"
      resourceId={diagramId}
      title={facts.title}
      role={facts.role}
      onRename={(next) => rename({ diagramId, title: next })}
      session={session}
      status={status}
    >
      {session !== null && status.contentKnown ? (
        <Suspense fallback={<DiagramSkeleton />}>
          <DiagramEditor key={session.doc.guid} session={session} editable={editable} title={facts.title} />
        </Suspense>
      ) : (
        <DiagramSkeleton />
      )}
    </RoomPage>
  );
}
