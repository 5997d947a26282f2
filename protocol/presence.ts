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
import * as z from "zod/mini";
import { parseRoomId } from "./rooms";

/** The party that holds these rooms. */
export const PRESENCE_PARTY = "presence";

/** The WebSocket close code of a tab that leaves on purpose. */
export const DELIBERATE_CLOSE = 1000;

/** The room id of an open document or diagram. It says nothing to those who have no access: each door asks again. */
const PageId = z.string().check(
  z.maxLength(128),
  z.refine((id) => parseRoomId(id) !== null),
);

const coordinate = z.number().check(z.minimum(-1e9), z.maximum(1e9));

/** What of a page somebody shows, in terms that hold on a screen of any size. */
export const View = z.discriminatedUnion("kind", [
  /** The block at the upper edge, and how much of it is above that: 0 nothing, 1 all of it. */
  z.object({
    kind: z.literal("doc"),
    block: z.string().check(z.minLength(1), z.maxLength(64)),
    above: z.number().check(z.minimum(0), z.maximum(1)),
  }),
  /** The part of the scene that is seen, in the scene's units. */
  z.object({
    kind: z.literal("diagram"),
    x: coordinate,
    y: coordinate,
    width: z.number().check(z.positive(), z.maximum(1e9)),
    height: z.number().check(z.positive(), z.maximum(1e9)),
  }),
]);
export type View = z.infer<typeof View>;

export const PresenceRequest = z.discriminatedUnion("type", [
  z.object({ type: z.literal("at"), page: z.nullable(PageId) }),
  z.object({ type: z.literal("beat") }),
  z.object({
    type: z.literal("follow"),
    userId: z.nullable(z.string().check(z.minLength(1), z.maxLength(64))),
  }),
  z.object({ type: z.literal("view"), view: View }),
  z.object({ type: z.literal("present"), state: z.enum(["on", "paused", "off"]) }),
]);
export type PresenceRequest = z.infer<typeof PresenceRequest>;

export const PresentPerson = z.object({
  userId: z.string().check(z.minLength(1), z.maxLength(64)),
  name: z.string().check(z.minLength(1), z.maxLength(200)),
  color: z.string().check(z.regex(/^#[0-9a-f]{6}$/)),
  state: z.enum(["here", "reconnecting"]),
  /** Where their latest action was; `null` on a page that is neither a document nor a diagram. */
  page: z.nullable(PageId),
  /** Everything that they have open, in all their tabs. */
  pages: z.array(PageId),
  presenting: z.enum(["on", "paused", "off"]),
});
export type PresentPerson = z.infer<typeof PresentPerson>;

export const PresenceNews = z.discriminatedUnion("type", [
  z.object({ type: z.literal("everybody"), people: z.array(PresentPerson) }),
  z.object({ type: z.literal("changes"), people: z.array(PresentPerson), gone: z.array(z.string()) }),
  z.object({ type: z.literal("followers"), count: z.int().check(z.nonnegative()) }),
  z.object({ type: z.literal("view"), userId: z.string(), page: PageId, view: View }),
  z.object({ type: z.literal("beat") }),
]);
export type PresenceNews = z.infer<typeof PresenceNews>;
