/**
 * The drill for the worst day of the rooms: everything that PartyKit has stored is gone at once. Every document and
 * diagram comes back from Convex, up to its last backup, and goes on from there.
 */
import { readdirSync, rmSync } from "node:fs";
import * as Y from "yjs";
import { api } from "../convex/_generated/api";
import { BACKUP_PATH } from "../protocol/backup";
import { roomIdFor, type ResourceKind } from "../protocol/rooms";
import type { Stack } from "../scripts/stack";
import { expect, test } from "./fixtures";
import { createPerson, type Person } from "./people";
import { connect, textOf, until, type RoomAddress } from "./replay/agent";

interface Place {
  kind: ResourceKind;
  resourceId: string;
  written: string;
}

function addressOf(stack: Stack, person: Person, { kind, resourceId }: Place): RoomAddress {
  return {
    host: stack.partykitHost,
    roomId: roomIdFor(kind, resourceId),
    token: async () => {
      const call = api.collaboration.getCollaborationToken;
      return (await person.convex.action(call, { resourceType: kind, resourceId })).token;
    },
  };
}

/** Opens the room, adds to its text and leaves. Returns what was there before. */
async function visit(stack: Stack, person: Person, place: Place, text: string): Promise<string> {
  const doc = new Y.Doc();
  const provider = connect(addressOf(stack, person, place), doc);
  try {
    await until(
      () => provider.synced,
      () => `${place.kind} never synced`,
    );
    const before = textOf(doc).toJSON();
    if (text !== "") textOf(doc).insert(before.length, text);
    return before;
  } finally {
    provider.destroy();
    doc.destroy();
  }
}

/** Deletes all that PartyKit has stored; `rooms` of them at least, or it was not there. */
function loseState({ partykitState }: Stack, rooms: number): void {
  const databases = readdirSync(partykitState, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".sqlite"),
  );
  expect(databases.length).toBeGreaterThanOrEqual(rooms);
  rmSync(partykitState, { recursive: true });
}

/** What Convex has of a room. */
async function backedUp(stack: Stack, { kind, resourceId }: Place): Promise<string> {
  const response = await fetch(`${stack.convexSiteUrl}${BACKUP_PATH}?room=${roomIdFor(kind, resourceId)}`, {
    headers: { authorization: `Bearer ${stack.secrets.ROOM_SERVICE_SECRET ?? ""}` },
  });
  const update = new Uint8Array(await response.arrayBuffer());
  if (response.status !== 200) return "";
  const doc = new Y.Doc();
  Y.applyUpdate(doc, update);
  return textOf(doc).toJSON();
}

test("every document comes back from Convex when all that PartyKit has stored is lost", async ({ stack }) => {
  const ada = await createPerson(stack, "Ada");
  const places: Place[] = [];
  for (const n of [1, 2, 3, 4]) {
    const resourceId = await ada.convex.mutation(api.documents.create, { title: `Document ${n}` });
    places.push({ kind: "doc", resourceId, written: `what document ${n} says` });
  }
  const diagramId = await ada.convex.mutation(api.diagrams.create, { title: "Diagram" });
  places.push({ kind: "diagram", resourceId: diagramId, written: "what the diagram says" });

  for (const place of places) {
    expect(await visit(stack, ada, place, place.written)).toBe("");
    await expect.poll(() => backedUp(stack, place)).toBe(place.written);
  }

  await stack.partykit.stop();
  loseState(stack, places.length);
  await stack.partykit.start();

  for (const place of places) {
    expect(await visit(stack, ada, place, ", and more")).toBe(place.written);
    await expect.poll(() => backedUp(stack, place)).toBe(`${place.written}, and more`);
  }
  for (const place of places) expect(await visit(stack, ada, place, "")).toBe(`${place.written}, and more`);
});

test("a room that cannot ask for its backup stays shut rather than open empty", async ({ stack }) => {
  const ada = await createPerson(stack, "Ada");
  const resourceId = await ada.convex.mutation(api.documents.create, { title: "Kept" });
  const place: Place = { kind: "doc", resourceId, written: "kept" };
  await visit(stack, ada, place, place.written);
  await expect.poll(() => backedUp(stack, place)).toBe(place.written);
  const { token } = addressOf(stack, ada, place);
  const held = await token();

  await stack.partykit.stop();
  loseState(stack, 1);
  await stack.convex.stop();
  await stack.partykit.start();
  const doc = new Y.Doc();
  const provider = connect({ ...addressOf(stack, ada, place), token: () => Promise.resolve(held) }, doc);
  try {
    let closes = 0;
    provider.on("connection-error", () => (closes += 1));
    await until(
      () => closes > 0,
      () => "nobody was refused",
    );
    expect(provider.synced).toBe(false);
    await stack.convex.start();
    await until(
      () => provider.synced,
      () => "the room never opened again",
    );
    expect(textOf(doc).toJSON()).toBe(place.written);
  } finally {
    provider.destroy();
    doc.destroy();
  }
});
