/** `npm run backup:verify` on real rooms: what a backup may be, and each way in which it can be worth nothing. */
import { readdir } from "node:fs/promises";
import { createServer, request as forward } from "node:http";
import { join } from "node:path";
import Database from "libsql";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import * as Y from "yjs";
import { DRILL_PARTY } from "../../protocol/backup";
import { Doors } from "../../scripts/backup/doors";
import { verifyRoom } from "../../scripts/backup/verify";
import {
  SERVICE_SECRET,
  SITE_URL,
  startAccessServer,
  type AccessServer,
  type BackupAnswer,
} from "./access-server";
import { handshake, syncedClient, type Client } from "./clients";
import { bury, look } from "./operator";
import { startPartyKit, until, type PartyKitServer } from "./server-process";

let convex: AccessServer;
let server: PartyKitServer;
let doors: Doors;
let rooms = 0;

beforeAll(async () => {
  convex = await startAccessServer();
  server = await startPartyKit({ vars: convex.vars });
  doors = new Doors({ ...convex.vars, PARTYKIT_DOMAIN: server.host });
});

afterAll(async () => {
  await server.dispose();
  await convex.close();
});

beforeEach(() => {
  convex.answerBackup = null;
});

const verify = (room: string, now = Date.now) => verifyRoom(doors, room, now);

/** A room in which something was written, and that is backed up. */
async function backedUpRoom(): Promise<{ room: string; ada: Client }> {
  const room = `doc-verify${++rooms}`;
  const ada = await syncedClient(server.host, room, "editor1");
  ada.text.insert(0, "what was written");
  await ada.saved();
  ada.destroy();
  await until("its backup is complete", async () => (await look(server, room)).backup?.pending === false);
  return { room, ada };
}

const refuseToStore =
  (status: number): BackupAnswer =>
  (response, { method }) =>
    method === "POST" && response.writeHead(status).end();

/** Puts something else in the place of a room's backup, as a fault in Convex might. */
function tamper(room: string, change: (update: Buffer) => Buffer): void {
  const backup = convex.backups.get(room);
  if (backup === undefined) throw new Error("there is no backup");
  convex.backups.set(room, { ...backup, update: change(Buffer.from(backup.update)) });
}

function edited(update: Uint8Array, edit: (text: Y.Text) => void): Buffer {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, update);
  edit(doc.getText("text"));
  return Buffer.from(Y.encodeStateAsUpdate(doc));
}

describe("a backup is good", () => {
  test("of a room in which nobody is", async () => {
    const { room } = await backedUpRoom();
    expect(await verify(room)).toMatchObject({ kind: "verified", number: 1 });
  });

  test("of one in which people have gone on since, and struck out what it has", async () => {
    const { room } = await backedUpRoom();
    const ben = await syncedClient(server.host, room, "editor2");
    ben.text.delete(0, 4);
    ben.text.insert(3, " more");
    await ben.saved();
    expect(await verify(room)).toMatchObject({ kind: "verified" });
    ben.destroy();
  });

  test("of a room that has lost its storage, and will come back from it", async () => {
    const { room } = await backedUpRoom();
    const backup = convex.backups.get(room);
    if (backup === undefined) throw new Error("there is no backup");
    const elsewhere = "doc-verifylost";
    convex.backups.set(elsewhere, backup);
    expect(await verify(elsewhere)).toMatchObject({ kind: "verified" });
  });

  test("or not needed yet: nobody has written, or just now", async () => {
    expect(await verify("doc-verifyempty")).toEqual({ kind: "empty" });
    const room = "doc-verifynew";
    convex.answerBackup = refuseToStore(503);
    const ada = await syncedClient(server.host, room, "editor1");
    ada.text.insert(0, "just now");
    await ada.saved();
    expect(await verify(room)).toEqual({ kind: "waiting" });
    ada.destroy();
  });

  test("of nothing any more, where the document was deleted", async () => {
    const missing = new Doors({ ...convex.vars, PARTYKIT_DOMAIN: server.host });
    convex.answerBackup = (response) => response.writeHead(404).end();
    expect(await verifyRoom(missing, "doc-verifygone", Date.now)).toEqual({ kind: "deleted" });
  });
});

describe("a backup is worth nothing", () => {
  test("when it is missing", async () => {
    const { room } = await backedUpRoom();
    convex.backups.delete(room);
    await expect(verify(room)).rejects.toThrow("its backup is missing");
  });

  test("when Convex has lost its file", async () => {
    const { room } = await backedUpRoom();
    convex.answerBackup = (response) => response.writeHead(500).end();
    await expect(verify(room)).rejects.toThrow("has lost the file");
  });

  test.each<[string, (update: Buffer) => Buffer]>([
    ["garbage", () => Buffer.from("not an update")],
    ["empty", () => Buffer.alloc(0)],
    ["cut off", (update) => update.subarray(0, update.byteLength - 3)],
  ])("when it is %s", async (_name, change) => {
    const { room } = await backedUpRoom();
    tamper(room, change);
    await expect(verify(room)).rejects.toThrow("its backup is corrupt");
  });

  test("when it refers to content that it does not have", async () => {
    const { room, ada } = await backedUpRoom();
    const before = Y.encodeStateVector(ada.doc);
    ada.text.insert(ada.text.length, ", and the rest");
    tamper(room, () => Buffer.from(Y.encodeStateAsUpdate(ada.doc, before)));
    await expect(verify(room)).rejects.toThrow("parts of it refer to others that are not there");
  });

  test("when a letter in it is another one", async () => {
    const { room } = await backedUpRoom();
    tamper(room, (update) => {
      update.write("X", update.indexOf("written"));
      return update;
    });
    await expect(verify(room)).rejects.toThrow(
      "the live room lacks part of what its backup has (pieces: 0 lost, 0",
    );
  });

  test("when the room takes it for complete, and it is an older one", async () => {
    const { room } = await backedUpRoom();
    const ben = await syncedClient(server.host, room, "editor2");
    ben.text.insert(0, "later, ");
    await ben.saved();
    const older = convex.backups.get(room)?.update ?? Buffer.alloc(0);
    ben.destroy();
    await until("it is backed up again", () => convex.backups.get(room)?.number === 2);
    await until("and knows it", async () => (await look(server, room)).backup?.pending === false);
    tamper(room, () => older);
    await expect(verify(room)).rejects.toThrow(
      "takes its backup for complete, and the backup lacks part of it",
    );
  });

  test("when edits have waited for it for long, and says why", async () => {
    const { room } = await backedUpRoom();
    convex.answerBackup = refuseToStore(507);
    const ben = await syncedClient(server.host, room, "editor2");
    ben.text.insert(0, "later, ");
    await ben.saved();
    ben.destroy();
    await until("it was refused", async () => (await look(server, room)).backup?.failure === "status 507");
    expect(await verify(room)).toMatchObject({ kind: "verified" });
    const later = () => Date.now() + 16 * 60_000;
    await expect(verify(room, later)).rejects.toThrow(/waited for a backup for 16 minutes: status 507/);
  });
});

describe("restoring is tried, not assumed", () => {
  /** The real PartyKit, but for what its drills say. */
  async function withDrills<Result>(
    answer: Uint8Array,
    use: (doors: Doors) => Promise<Result>,
  ): Promise<Result> {
    const front = createServer((request, response) => {
      if (request.url?.startsWith(`/parties/${DRILL_PARTY}/`) === true) {
        request.resume().on("end", () => response.end(answer));
        return;
      }
      const { method, headers } = request;
      const behind = forward(`http://${server.host}${request.url ?? ""}`, { method, headers }, (answered) => {
        response.writeHead(answered.statusCode ?? 502, answered.headers);
        answered.pipe(response);
      });
      request.pipe(behind);
    });
    await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
    const address = front.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    try {
      return await use(new Doors({ ...convex.vars, PARTYKIT_DOMAIN: `127.0.0.1:${address.port}` }));
    } finally {
      front.closeAllConnections();
      await new Promise((resolve) => front.close(resolve));
    }
  }

  test("a room that has less, more or something else after it is a fault", async () => {
    const { room } = await backedUpRoom();
    const update = convex.backups.get(room)?.update ?? Buffer.alloc(0);
    const verifyWith = (answer: Uint8Array) => withDrills(answer, (them) => verifyRoom(them, room, Date.now));
    expect(await verifyWith(update)).toMatchObject({ kind: "verified" });
    await expect(verifyWith(Y.encodeStateAsUpdate(new Y.Doc()))).rejects.toThrow("lacks part of it");
    await expect(verifyWith(edited(update, (text) => text.insert(0, "more")))).rejects.toThrow(
      "has more than that",
    );
    await expect(verifyWith(Buffer.from("garbage"))).rejects.toThrow("a room restored from it is corrupt");
  });
});

describe("a live room is found out", () => {
  test("when it lacks an edit that its backup has", async () => {
    const { room } = await backedUpRoom();
    tamper(room, (update) => edited(update, (text) => text.insert(0, "lost in the room: ")));
    await expect(verify(room)).rejects.toThrow(
      "the live room lacks part of what its backup has (pieces: 18 lost",
    );
  });

  test("when it lacks a deletion that its backup has", async () => {
    const { room } = await backedUpRoom();
    tamper(room, (update) => edited(update, (text) => text.delete(0, 5)));
    await expect(verify(room)).rejects.toThrow("0 lost, 5 deleted ones are back");
  });

  test("when it is deleted, and Convex has it still", async () => {
    const { room } = await backedUpRoom();
    await bury(server, room);
    await expect(verify(room)).rejects.toThrow("the room is deleted, but Convex lists it");
  });
});

describe("a drill", () => {
  const drillId = () => crypto.randomUUID();
  const post = (id: string, headers: Record<string, string>, method = "POST") =>
    fetch(`http://${server.host}/parties/${DRILL_PARTY}/${id}`, {
      method,
      headers,
      ...(method === "POST" && { body: Buffer.from("x") }),
    });

  test("is for those with the service secret, and nobody enters one", async () => {
    const authorization = `Bearer ${SERVICE_SECRET}`;
    const before = await server.objects();
    const statuses = await Promise.all([
      post(drillId(), {}),
      post(drillId(), { authorization: "Bearer wrong" }),
      post(drillId(), { authorization, origin: SITE_URL }),
      post("doc-abc", { authorization }),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([401, 401, 403, 400]);
    expect(await handshake(server.host, `/parties/${DRILL_PARTY}/${drillId()}`)).toEqual({
      kind: "refused",
      status: 403,
    });
    expect(await server.objects()).toEqual(before);
    expect((await post(drillId(), { authorization }, "GET")).status).toBe(405);
    expect((await post(drillId(), { authorization })).status).toBe(422);
  });

  test("leaves nothing: no content, no alarm, no backup", async () => {
    const directory = join(server.state, "party");
    const drills = async () =>
      (await readdir(directory, { recursive: true })).filter((name) => /drill.*\.sqlite$/i.test(name));
    const { room } = await backedUpRoom();
    const [backups, before] = [[...convex.backups.keys()], await drills()];
    await verify(room);
    expect([...convex.backups.keys()]).toEqual(backups);
    const files = await drills();
    expect(files).toHaveLength(before.length + 1);
    for (const file of files) {
      const database = new Database(join(directory, file), { readonly: true });
      const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as {
        name: string;
      }[];
      for (const { name } of tables) {
        expect(database.prepare(`SELECT 1 FROM "${name}"`).all()).toEqual([]);
      }
      database.close();
    }
  });
});
