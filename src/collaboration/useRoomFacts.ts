import type { FunctionReturnType } from "convex/server";
import { useEffect, useState } from "react";
import { roomIdFor, type ResourceKind } from "../../protocol/rooms";
import { directoryOf, type CopyRecord } from "../offline/directory";
import { useMe } from "../offline/remembered-person";
import { noteTrouble } from "../offline/troubles";
import { leaveRoom } from "./leave-room";
import { useResource, type Resource, type SummaryQuery } from "./resource-query";
import type { RoomFacts } from "./useRoomSession";

/**
 * What a live query says about a document or diagram, and before it answers, or when nobody does, what this device
 * remembers of one whose content it has. A refusal is never overruled.
 */
export function useRoomFacts<Query extends SummaryQuery>(
  query: Query & (FunctionReturnType<Query> extends RoomFacts ? unknown : never),
  args: Query["_args"],
  kind: ResourceKind,
  resourceId: string,
): Resource<RoomFacts> {
  const resource = useResource<Query>(query, args) as Resource<RoomFacts>;
  const remembered = useRememberedFacts(kind, resourceId);
  useGiveUpWhenRefused(resource, kind, resourceId);
  const isAnswered =
    resource.kind === "found" || (resource.kind === "failed" && resource.failure.kind === "refused");
  if (isAnswered || remembered === null) return resource;
  return { kind: "found", summary: remembered };
}

/** An explicit no for this person, never an error or a loading state, takes their copy away. */
function useGiveUpWhenRefused(resource: Resource<RoomFacts>, kind: ResourceKind, resourceId: string) {
  const userId = useMe()?.userId;
  const failure = resource.kind === "failed" ? resource.failure : null;
  const code = failure?.kind === "refused" ? failure.code : null;
  const reason = code === "forbidden" ? "no-access" : code === "not_found" ? "gone" : null;
  useEffect(() => {
    if (userId === undefined || reason === null) return;
    void leaveRoom({ userId, kind, resourceId, reason });
  }, [userId, kind, resourceId, reason]);
}

/** What this device knows of a room whose content it has; `null` while that is looked up, and if there is none. */
function useRememberedFacts(kind: ResourceKind, resourceId: string): RoomFacts | null {
  const userId = useMe()?.userId;
  const roomId = roomIdFor(kind, resourceId);
  const [found, setFound] = useState<CopyRecord | null>(null);
  useEffect(() => {
    if (userId === undefined) return;
    let wanted = true;
    directoryOf(userId)
      .then((directory) => directory.record(roomId))
      .then(
        (record) => {
          if (wanted && record?.known === true) setFound(record);
        },
        // The page then waits for the live query.
        (error: unknown) => noteTrouble("The copy of this page could not be looked up", error),
      );
    return () => {
      wanted = false;
      setFound(null);
    };
  }, [userId, roomId]);
  if (found?.roomId !== roomId || found.role === null) return null;
  return { title: found.title, role: found.role };
}
