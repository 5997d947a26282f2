import "./excalidraw-assets";
import { useMutation } from "convex/react";
import { lazy, Suspense } from "react";
import { useParams } from "react-router";
import { api } from "../../convex/_generated/api";
import type { Role } from "../../protocol/roles";
import { useResource } from "../collaboration/resource-query";
import { ResourceFailure } from "../collaboration/ResourceFailure";
import { RoomPage } from "../collaboration/RoomPage";
import { useRoom } from "../collaboration/useRoomSession";
import { PageSkeleton } from "../workspace/PageSkeleton";
import { DiagramSkeleton } from "./DiagramSkeleton";

// Imported after the line above that says where its fonts are, and before anybody waits for it.
const editorModule = import("./DiagramEditor");
const DiagramEditor = lazy(() => editorModule);

/** `/g/:diagramId`: one diagram, drawn by everybody who has it open. */
export default function DiagramPage() {
  const { diagramId = "" } = useParams();
  const diagram = useResource(api.diagrams.get, { diagramId });
  switch (diagram.kind) {
    case "loading":
      return <PageSkeleton />;
    case "failed":
      return <ResourceFailure failure={diagram.failure} error={diagram.error} noun="diagram" />;
    case "found":
      return <OpenDiagram key={diagramId} {...diagram.summary} />;
  }
}

interface OpenDiagramProps {
  diagramId: string;
  title: string;
  role: Role;
}

function OpenDiagram({ diagramId, title, role }: OpenDiagramProps) {
  const rename = useMutation(api.diagrams.rename);
  const { session, status, editable } = useRoom("diagram", diagramId, role);
  return (
    <RoomPage
      kind="diagram"
      resourceId={diagramId}
      title={title}
      role={role}
      onRename={(next) => rename({ diagramId, title: next })}
      session={session}
      status={status}
    >
      {session !== null && status.contentKnown ? (
        <Suspense fallback={<DiagramSkeleton />}>
          <DiagramEditor session={session} editable={editable} title={title} />
        </Suspense>
      ) : (
        <DiagramSkeleton />
      )}
    </RoomPage>
  );
}
