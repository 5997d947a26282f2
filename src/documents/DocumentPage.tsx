import { useMutation } from "convex/react";
import { useCallback, useEffect, useSyncExternalStore } from "react";
import { useParams } from "react-router";
import { api } from "../../convex/_generated/api";
import { DOCUMENT_FRAGMENT } from "../../protocol/content";
import { ResourceFailure } from "../collaboration/ResourceFailure";
import type { RoomSession } from "../collaboration/room-session";
import { RoomPage } from "../collaboration/RoomPage";
import { useRoomFacts } from "../collaboration/useRoomFacts";
import { useRoom, type RoomFacts } from "../collaboration/useRoomSession";
import { PageSkeleton } from "../workspace/PageSkeleton";
import { keepRooted } from "./canonical-root";
import { DocumentEditor } from "./DocumentEditor";
import { DocumentSkeleton } from "./DocumentSkeleton";
import { textOf } from "./document-text";

/** `/d/:documentId`: one document, written by everybody who has it open. */
export default function DocumentPage() {
  const { documentId = "" } = useParams();
  const document = useRoomFacts(api.documents.get, { documentId }, "doc", documentId);
  switch (document.kind) {
    case "loading":
      return <PageSkeleton />;
    case "failed":
      return (
        <ResourceFailure
          failure={document.failure}
          error={document.error}
          noun="document"
          resourceId={documentId}
        />
      );
    case "found":
      return <OpenDocument key={documentId} documentId={documentId} facts={document.summary} />;
  }
}

function OpenDocument({ documentId, facts }: { documentId: string; facts: RoomFacts }) {
  const rename = useMutation(api.documents.rename);
  const { session, status, editable } = useRoom("doc", documentId, facts);
  return (
    <RoomPage
      kind="doc"
      resourceId={documentId}
      title={facts.title}
      role={facts.role}
      onRename={(next) => rename({ documentId, title: next })}
      session={session}
      status={status}
      {...(session !== null && { copyText: () => textOf(session.doc.getXmlFragment(DOCUMENT_FRAGMENT)) })}
    >
      {session !== null && status.contentKnown ? (
        <KnownDocument key={session.doc.guid} session={session} editable={editable} />
      ) : (
        <DocumentSkeleton />
      )}
    </RoomPage>
  );
}

/** A document whose content has arrived. Whoever may write sees to it that it has its root before they do. */
function KnownDocument({ session, editable }: { session: RoomSession; editable: boolean }) {
  const { doc } = session;
  useEffect(() => (editable ? keepRooted(doc) : undefined), [doc, editable]);
  const fragment = doc.getXmlFragment(DOCUMENT_FRAGMENT);
  const subscribe = useCallback(
    (onChange: () => void) => {
      fragment.observe(onChange);
      return () => fragment.unobserve(onChange);
    },
    [fragment],
  );
  const rooted = useSyncExternalStore(subscribe, () => fragment.length > 0);
  return rooted || !editable ? (
    <DocumentEditor session={session} editable={editable} />
  ) : (
    <DocumentSkeleton />
  );
}
