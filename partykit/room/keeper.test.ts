import type * as Party from "partykit/server";
import { expect, test, vi } from "vitest";
import * as Y from "yjs";
import * as encoding from "lib0/encoding";
import * as syncProtocol from "y-protocols/sync";
import { BACKUP_KEY, BACKUP_TIMING } from "./backup";
import { MESSAGE_SYNC, parseFrame } from "./frames";
import { Keeper } from "./keeper";
import { NotedStorage } from "./noted-storage.fixture";

test("whatever is in the log is marked there as lacking a backup, at every moment", async () => {
  // What y-partykit asks a socket's state with; Node 20 has none.
  vi.stubGlobal("WebSocket", { READY_STATE_OPEN: 1 });
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(null, { status: 204 })));
  const storage = new NotedStorage();
  const env = { CONVEX_SITE_URL: "http://convex.invalid", ROOM_SERVICE_SECRET: "a secret" };
  const party = { storage: storage as unknown as Party.Storage, env };
  const keeper = new Keeper(party, BACKUP_TIMING, {
    onUpdate: () => undefined,
    onProgress: () => undefined,
    isNeeded: () => true,
  });
  const opening = await keeper.open("doc-abc");
  if (opening.kind !== "open") throw new Error("a new room is not deleted");

  const doc = new Y.Doc();
  doc.getText("text").insert(0, "a word");
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MESSAGE_SYNC);
  syncProtocol.writeUpdate(encoder, Y.encodeStateAsUpdate(doc));
  const message = encoding.toUint8Array(encoder);
  const frame = parseFrame(message);
  if (frame.kind !== "update") throw new Error("an update is an update");
  opening.document.apply(message, frame.decoded);
  await opening.document.journal.settled();

  const marked = storage.writes.indexOf(BACKUP_KEY);
  const logged = storage.writes.findIndex((key) => key.includes("update"));
  expect(marked).toBeGreaterThanOrEqual(0);
  expect(logged).toBeGreaterThan(marked);
  expect(storage.entries.get(BACKUP_KEY)).toMatchObject({ pending: true });
  await keeper.delete();
  vi.unstubAllGlobals();
});
