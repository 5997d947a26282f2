/**
 * Other people's pointers and selections, between awareness and Excalidraw.
 *
 * Awareness entry of a diagram: `user`, `attention`, `pointer` {x, y, tool} in scene coordinates, `button`, `selection` (ids), and
 * `held` (ids, see holds.ts).
 */
import type { Collaborator, SocketId } from "@excalidraw/excalidraw/types";
import { ATTENTIONS } from "../collaboration/connection-policy";
import * as z from "zod/mini";

export const PointerState = z.object({
  x: z.number(),
  y: z.number(),
  tool: z.enum(["pointer", "laser"]),
});
export type PointerState = z.infer<typeof PointerState>;

const AwarenessEntry = z.object({
  user: z.object({
    userId: z.string(),
    name: z.string(),
    color: z.string().check(z.regex(/^#[0-9a-f]{6}$/i)),
  }),
  pointer: z.catch(z.nullish(PointerState), null),
  button: z.catch(z.nullish(z.enum(["up", "down"])), null),
  selection: z.catch(z.nullish(z.array(z.string()).check(z.maxLength(1_000))), null),
  held: z.catch(z.nullish(z.array(z.string()).check(z.maxLength(1_000))), null),
  attention: z.catch(z.enum(ATTENTIONS), "here"),
});

type UserState = NonNullable<Collaborator["userState"]>;

/** Excalidraw's `UserIdleState`, by its values: its names come with all of Excalidraw. It draws the first two faded. */
const [IDLE, AWAY, ACTIVE] = ["idle", "away", "active"] as unknown as UserState[];

/** What Excalidraw is to show of the others; a person with two tabs has two pointers of one colour. */
export function collaboratorsIn(
  states: ReadonlyMap<number, unknown>,
  ownClientId: number,
  isStill: (clientId: number) => boolean,
): Map<SocketId, Collaborator> {
  const collaborators = new Map<SocketId, Collaborator>();
  for (const [clientId, state] of states) {
    if (clientId === ownClientId) continue;
    const entry = AwarenessEntry.safeParse(state);
    if (!entry.success) continue;
    const { user, attention, pointer, button, selection, held } = entry.data;
    collaborators.set(String(clientId) as SocketId, {
      id: hueId(user.userId, user.color),
      username: (held ?? []).length > 0 ? `${user.name} · moving` : user.name,
      color: { background: user.color, stroke: user.color },
      userState: attention === "hidden" ? AWAY : attention === "idle" || isStill(clientId) ? IDLE : ACTIVE,
      ...(pointer && { pointer }),
      ...(button && { button }),
      selectedElementIds: Object.fromEntries((selection ?? []).map((id) => [id, true as const])),
    });
  }
  return collaborators;
}

const HUES = 37;

/**
 * An id under which Excalidraw draws the person in the hue of their colour. It ignores `color` and takes the hue
 * from a hash of the id; the same person's id is always the same, which is all that it is used for beside that.
 */
export function hueId(userId: string, color: string): string {
  const wanted = Math.round(hueOf(color) / 10) % HUES;
  for (let suffix = 0; ; suffix++) {
    const id = `${userId}#${suffix}`;
    if (excalidrawHue(id) === wanted || suffix > 50 * HUES) return id;
  }
}

/** `hashToInteger` of Excalidraw 0.18, reduced to one of its 37 hues of 10 degrees each. */
function excalidrawHue(id: string): number {
  let hash = 0;
  for (let i = 0; i < id.length; i++) hash = (hash << 5) - hash + id.charCodeAt(i);
  return Math.abs(hash) % HUES;
}

/** Degrees on the colour wheel, 0 to 360, of `#rrggbb`. */
function hueOf(color: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  const max = Math.max(r, g, b);
  const range = max - Math.min(r, g, b);
  if (range === 0) return 0;
  const sixth = max === r ? (g - b) / range : max === g ? (b - r) / range + 2 : (r - g) / range + 4;
  return (sixth * 60 + 360) % 360;
}
