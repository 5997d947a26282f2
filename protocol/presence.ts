/**
 * Presence: who is in a workspace, on which page, and who follows whom. One room of the `presence` party for each
 * workspace; text frames with one JSON message each, checked against these schemas on both sides.
 *
 *   page → room   `at`       when connected, at each change of page, and when the tab comes to the front
 *                 `beat`     the answer to the room's `beat`
 *                 `follow`   whom this tab follows from now on, or nobody
 *                 `view`     what of its page this tab shows; sent only while somebody follows
 *                 `present`  asks everybody to follow, pauses that, or ends it
 *   room → page   `everybody`  first, and once: the whole state
 *                 `changes`    people who came, moved or lost their connection, as they are now; and who has gone
 *                 `followers`  how many follow the person, whenever that changes
 *                 `view`       what the person whom this tab follows shows
 *                 `beat`       to be answered: timers sleep in tabs that nobody sees, messages wake them
 *
 * Who somebody is comes from the grant of the access check (`access.ts`), never from a message. A frame that is none
 * of these closes the connection with 4400. A socket that is closed with 1000 is a deliberate leave; after any other
 * end its person is `reconnecting` for `PRESENCE_GRACE_MS`.
 */
import { z } from "zod";
import { parseRoomId } from "./rooms";

/** The party that holds these rooms. */
export const PRESENCE_PARTY = "presence";

/** The WebSocket close code of a tab that leaves on purpose. */
export const DELIBERATE_CLOSE = 1000;

/** The room id of an open document or diagram. It says nothing to those who have no access: each door asks again. */
const PageId = z
  .string()
  .max(128)
  .refine((id) => parseRoomId(id) !== null);

const coordinate = z.number().min(-1e9).max(1e9);

/** What of a page somebody shows, in terms that hold on a screen of any size. */
export const View = z.discriminatedUnion("kind", [
  /** The block at the upper edge, and how much of it is above that: 0 nothing, 1 all of it. */
  z.object({ kind: z.literal("doc"), block: z.string().min(1).max(64), above: z.number().min(0).max(1) }),
  /** The part of the scene that is seen, in the scene's units. */
  z.object({
    kind: z.literal("diagram"),
    x: coordinate,
    y: coordinate,
    width: z.number().positive().max(1e9),
    height: z.number().positive().max(1e9),
  }),
]);
export type View = z.infer<typeof View>;

export const PresenceRequest = z.discriminatedUnion("type", [
  z.object({ type: z.literal("at"), page: PageId.nullable() }),
  z.object({ type: z.literal("beat") }),
  z.object({ type: z.literal("follow"), userId: z.string().min(1).max(64).nullable() }),
  z.object({ type: z.literal("view"), view: View }),
  z.object({ type: z.literal("present"), state: z.enum(["on", "paused", "off"]) }),
]);
export type PresenceRequest = z.infer<typeof PresenceRequest>;

export const PresentPerson = z.object({
  userId: z.string().min(1).max(64),
  name: z.string().min(1).max(200),
  color: z.string().regex(/^#[0-9a-f]{6}$/),
  state: z.enum(["here", "reconnecting"]),
  /** Where their latest action was; `null` on a page that is neither a document nor a diagram. */
  page: PageId.nullable(),
  /** Everything that they have open, in all their tabs. */
  pages: z.array(PageId),
  presenting: z.enum(["on", "paused", "off"]),
});
export type PresentPerson = z.infer<typeof PresentPerson>;

export const PresenceNews = z.discriminatedUnion("type", [
  z.object({ type: z.literal("everybody"), people: z.array(PresentPerson) }),
  z.object({ type: z.literal("changes"), people: z.array(PresentPerson), gone: z.array(z.string()) }),
  z.object({ type: z.literal("followers"), count: z.number().int().nonnegative() }),
  z.object({ type: z.literal("view"), userId: z.string(), page: PageId, view: View }),
  z.object({ type: z.literal("beat") }),
]);
export type PresenceNews = z.infer<typeof PresenceNews>;
